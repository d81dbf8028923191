package io.pgmosaic.api.v1alpha1.cluster;

import com.fasterxml.jackson.annotation.JsonProperty;

/** What a key column decides. */
public enum ColumnRole {
    /** The shard, by its hash or its order. */
    @JsonProperty("Key")
    KEY,
    /** The region. */
    @JsonProperty("Region")
    REGION,
    /** The period. */
    @JsonProperty("Time")
    TIME,
    /** Nothing; lookups may name it. */
    @JsonProperty("Detail")
    DETAIL
}
