/**
 * Kubernetes Events: what happened, in words.
 */
@NullMarked
package io.pgmosaic.operator.event;

import org.jspecify.annotations.NullMarked;
