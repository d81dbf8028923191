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
    /** The expand step is undone where it was applied. */
    @JsonProperty("RollBack")
    ROLL_BACK
}
