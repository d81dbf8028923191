package io.pgmosaic.routing.map;

import org.jspecify.annotations.Nullable;

/**
 * Where rows of one span of time lie.
 *
 * @param tier what the user calls the shards of this age, such as hot or cold; null when there are no tiers
 */
public record Period(TimeSpan span, @Nullable String tier, Partitioning partitioning) {
    /** Of rows whose time does not matter. */
    public static Period always(Partitioning partitioning) {
        return new Period(TimeSpan.ALWAYS, null, partitioning);
    }
}
