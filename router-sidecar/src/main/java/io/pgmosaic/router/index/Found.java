package io.pgmosaic.router.index;

import org.jspecify.annotations.Nullable;

/**
 * What a lookup index said of a value.
 *
 * @param key in the form of {@link io.pgmosaic.routing.guard.DirectoryKey}; null when no key has the value
 * @param loadedAt by {@link System#nanoTime}, before the question was sent
 */
public record Found(@Nullable String key, long loadedAt) {
    /** How old it is, in milliseconds. */
    public long ageMillis(long now) {
        return (now - loadedAt) / 1_000_000;
    }
}
