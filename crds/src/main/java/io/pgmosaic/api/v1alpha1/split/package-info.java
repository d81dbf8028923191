/**
 * The resource {@code ShardSplit}.
 */
@NullMarked
package io.pgmosaic.api.v1alpha1.split;

import org.jspecify.annotations.NullMarked;
