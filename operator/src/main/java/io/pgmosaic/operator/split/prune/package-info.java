/**
 * Takes rows away that their shard does not own any more.
 *
 * <p>What it promises: rows that the shard owns under the given guard stay, whatever happens on the way.
 */
@NullMarked
package io.pgmosaic.operator.split.prune;

import org.jspecify.annotations.NullMarked;
