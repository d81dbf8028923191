package io.pgmosaic.api.v1alpha1.cluster;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.pgmosaic.api.v1alpha1.common.ApiValue;
import org.jspecify.annotations.Nullable;

import java.util.List;

/** Which shards hold the rows of one region and one span of time, in the map in force. */
@ApiValue
public record PlacementState(
        @JsonPropertyDescription("The region; absent when rows have none.") @Nullable
        String region,

        @JsonPropertyDescription("The first time; absent for no bound.") @Nullable
        String from,

        @JsonPropertyDescription("The first time after the span; absent for no bound.") @Nullable
        String until,

        @JsonPropertyDescription("What shards of this age are called.") @Nullable
        String tier,

        @JsonPropertyDescription("How the shards share the rows.")
        ShardingStrategy strategy,

        @JsonPropertyDescription("For OrderedRange: the type of the values.") @Nullable
        KeyColumnType rangeType,

        @JsonPropertyDescription("For HashRange and OrderedRange: the ranges in order.")
        List<MapRange> ranges,

        @JsonPropertyDescription("For ConsistentHash: the shards on the ring.")
        List<String> shards,

        @JsonPropertyDescription("For ConsistentHash: positions of each shard on the ring; 0 otherwise.")
        Integer virtualNodes,

        @JsonPropertyDescription("Shards that own nothing but what overrides give them.")
        List<String> dedicatedShards) {

    public PlacementState {
        strategy = strategy == null ? ShardingStrategy.HASH_RANGE : strategy;
        ranges = ranges == null ? List.of() : List.copyOf(ranges);
        shards = shards == null ? List.of() : List.copyOf(shards);
        virtualNodes = virtualNodes == null ? 0 : virtualNodes;
        dedicatedShards = dedicatedShards == null ? List.of() : List.copyOf(dedicatedShards);
    }
}
