/** Where a shard is cut: at the points that a person gives, else where the rows are. */
@NullMarked
package io.pgmosaic.operator.split.points;

import org.jspecify.annotations.NullMarked;
