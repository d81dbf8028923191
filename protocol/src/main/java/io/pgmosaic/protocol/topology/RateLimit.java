package io.pgmosaic.protocol.topology;

import org.jspecify.annotations.Nullable;

import java.util.List;

/**
 * How often a key may be looked up at one router. Of several that are for a key, the first one counts.
 *
 * @param table {@code schema.name}; null for every sharded table, each by itself
 * @param keys those that it is for, each with a text for every column of role Key; every key when empty
 * @param limit lookups in the time of the window
 * @param burst lookups at once, with {@link Algorithm#TOKEN_BUCKET}; without meaning otherwise
 */
public record RateLimit(
        @Nullable String table, List<List<String>> keys, Algorithm algorithm, int limit, long windowMillis, int burst) {
    /** How lookups are counted. */
    public enum Algorithm {
        TOKEN_BUCKET,
        SLIDING_WINDOW
    }

    /** @throws IllegalArgumentException when a number is not positive */
    public RateLimit {
        keys = keys == null ? List.of() : keys.stream().map(List::copyOf).toList();
        if (limit < 1 || windowMillis < 1 || burst < 1) {
            throw new IllegalArgumentException("limit, window and burst of a rate limit must be positive");
        }
    }
}
