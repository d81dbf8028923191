package io.pgmosaic.routing.map;

import org.jspecify.annotations.Nullable;

import java.util.List;

/**
 * Where the rows of one region and one span of time may lie.
 *
 * @param region null when rows have none
 * @param period in which the times are
 * @param tier as in {@link Period#tier}
 * @param ranges of values, in order, each with its shard; empty when rows are placed by hash
 * @param shards that own any of it by rule, each once
 */
public record Extent(
        @Nullable String region,
        TimeSpan times,
        TimeSpan period,
        @Nullable String tier,
        List<OrderedRange> ranges,
        List<String> shards) {
    public Extent {
        ranges = List.copyOf(ranges);
        shards = List.copyOf(shards);
    }
}
