package io.pgmosaic.routing.recipe;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Objects;

/** Parts of a recipe as a person writes them, who leaves out what it does not have and may forget what it needs. */
final class Written {
    private Written() {}

    /**
     * The entries; none where the list is left out.
     *
     * @throws IllegalArgumentException when one of them says nothing
     */
    static <T> List<T> list(@Nullable List<T> entries, String name) {
        if (entries == null) {
            return List.of();
        }
        if (entries.stream().anyMatch(Objects::isNull)) {
            throw new IllegalArgumentException(name + " has an entry that is null: write it, or leave it out");
        }
        return List.copyOf(entries);
    }

    /** @throws IllegalArgumentException when it is left out; {@code advice} says what to write */
    static <T> T needed(@Nullable T part, String advice) {
        if (part == null) {
            throw new IllegalArgumentException(advice);
        }
        return part;
    }
}
