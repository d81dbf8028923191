/**
 * The Kubernetes objects of a cluster as they should be. Pure: a spec in, objects out; no clock, no client.
 */
@NullMarked
package io.pgmosaic.operator.desired;

import org.jspecify.annotations.NullMarked;
