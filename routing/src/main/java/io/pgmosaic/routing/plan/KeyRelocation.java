package io.pgmosaic.routing.plan;

import io.pgmosaic.routing.key.Key;
import org.jspecify.annotations.Nullable;

/**
 * A key that is overridden in one map, and lives elsewhere in the other.
 *
 * @param region in which it lives; null when rows have none
 * @param from null where that depends on the row's time, or nobody owned it
 * @param to null where that depends on the row's time, or nobody would own it
 */
public record KeyRelocation(
        @Nullable String region,
        Key key,
        @Nullable String from,
        @Nullable String to) {}
