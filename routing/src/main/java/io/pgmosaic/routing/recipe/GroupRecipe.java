package io.pgmosaic.routing.recipe;

import org.jspecify.annotations.Nullable;

import java.util.List;

/**
 * How the rows of a group of tables are placed, where that is not as those of the other tables.
 *
 * @param name which tables refer to
 * @param defaultRegion as in {@link MapRecipe}
 * @param placements as in {@link MapRecipe}
 * @param overrides as in {@link MapRecipe}
 * @param directory as in {@link MapRecipe}
 */
public record GroupRecipe(
        String name,
        @Nullable String defaultRegion,
        List<PlacementRecipe> placements,
        List<OverrideRecipe> overrides,
        Boolean directory) {
    /** A group without a directory. */
    public GroupRecipe(
            String name,
            @Nullable String defaultRegion,
            List<PlacementRecipe> placements,
            List<OverrideRecipe> overrides) {
        this(name, defaultRegion, placements, overrides, false);
    }

    /** @throws IllegalArgumentException when there is no name */
    public GroupRecipe {
        Written.needed(name, "a group of tables has a name: write name");
        placements = Written.list(placements, "placements");
        overrides = Written.list(overrides, "overrides");
        // One that knows no directories sends none of these either.
        directory = directory != null && directory;
    }
}
