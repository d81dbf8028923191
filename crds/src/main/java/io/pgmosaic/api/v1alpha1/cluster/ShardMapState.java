package io.pgmosaic.api.v1alpha1.cluster;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.pgmosaic.api.v1alpha1.common.ApiValue;

import java.util.List;

/** The shard map in force. */
@ApiValue
public record ShardMapState(
        @JsonPropertyDescription("Goes up by one with every change of the map.")
        Long version,

        @JsonPropertyDescription("The strategy that the cluster was created with.")
        ShardingStrategy strategy,

        @JsonPropertyDescription("For HashRange: the ranges by lower bound.")
        List<MapRange> ranges,

        @JsonPropertyDescription("For ConsistentHash: the shards on the ring.")
        List<String> shards,

        @JsonPropertyDescription("For ConsistentHash: positions of each shard on the ring; 0 otherwise.")
        Integer virtualNodes,

        @JsonPropertyDescription("Keys that live on another shard than the strategy says.")
        List<KeyOverride> overrides) {

    public ShardMapState {
        version = version == null ? 0L : version;
        strategy = strategy == null ? ShardingStrategy.HASH_RANGE : strategy;
        ranges = ranges == null ? List.of() : List.copyOf(ranges);
        shards = shards == null ? List.of() : List.copyOf(shards);
        virtualNodes = virtualNodes == null ? 0 : virtualNodes;
        overrides = overrides == null ? List.of() : List.copyOf(overrides);
    }
}
