package io.pgmosaic.api.v1alpha1.cluster;

import com.fasterxml.jackson.annotation.JsonProperty;

/** How a key's hash is turned into a shard. */
public enum ShardingStrategy {
    /** Each shard owns one range of the 64-bit hash. */
    @JsonProperty("HashRange")
    HASH_RANGE,
    /** A ring on which every shard has many positions. */
    @JsonProperty("ConsistentHash")
    CONSISTENT_HASH,
    /** Each shard owns ranges of the key's values. */
    @JsonProperty("OrderedRange")
    ORDERED_RANGE
}
