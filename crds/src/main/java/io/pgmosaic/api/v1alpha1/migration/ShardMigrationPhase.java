package io.pgmosaic.api.v1alpha1.migration;

import com.fasterxml.jackson.annotation.JsonProperty;

/** How far one shard is. */
public enum ShardMigrationPhase {
    @JsonProperty("Pending")
    PENDING,
    @JsonProperty("Running")
    RUNNING,
    @JsonProperty("Complete")
    COMPLETE,
    @JsonProperty("Failed")
    FAILED
}
