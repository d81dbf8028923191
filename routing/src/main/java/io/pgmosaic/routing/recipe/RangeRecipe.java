package io.pgmosaic.routing.recipe;

import org.jspecify.annotations.Nullable;

/**
 * A range of hashes or of values.
 *
 * @param from the first value, in its text form; null for no bound
 * @param until the first value after the range; null for no bound. Hash ranges have none: each ends where the next begins
 */
public record RangeRecipe(@Nullable String from, @Nullable String until, String shard) {
    /** @throws IllegalArgumentException when there is no shard */
    public RangeRecipe {
        Written.needed(shard, "a range belongs to a shard: write shard");
    }
}
