/**
 * The resource {@code ShardSplit}. Types only: this version of the operator does not act on it.
 */
@NullMarked
package io.pgmosaic.api.v1alpha1.split;

import org.jspecify.annotations.NullMarked;
