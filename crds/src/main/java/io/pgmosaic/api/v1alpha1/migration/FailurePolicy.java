package io.pgmosaic.api.v1alpha1.migration;

import com.fasterxml.jackson.annotation.JsonProperty;

/** What happens when a shard fails. */
public enum FailurePolicy {
    /** No further shard begins. */
    @JsonProperty("Stop")
    STOP,
    /** The other shards go on. */
    @JsonProperty("Continue")
    CONTINUE,
    /** What fails in expand or backfill is undone on all shards; a contract step stops. */
    @JsonProperty("RollBack")
    ROLL_BACK
}
