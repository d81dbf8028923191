package io.pgmosaic.routing.recipe;

import java.util.List;

/** @param key one text for each key column */
public record OverrideRecipe(List<String> key, String shard) {
    /** @throws IllegalArgumentException when there is no key or no shard */
    public OverrideRecipe {
        key = Written.list(
                Written.needed(key, "an override is of a key: write key, a list of texts"), "the key of an override");
        Written.needed(shard, "an override gives its key to a shard: write shard");
    }
}
