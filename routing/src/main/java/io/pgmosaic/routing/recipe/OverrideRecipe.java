package io.pgmosaic.routing.recipe;

import java.util.List;

/** @param key one text for each key column */
public record OverrideRecipe(List<String> key, String shard) {
    public OverrideRecipe {
        key = List.copyOf(key);
    }
}
