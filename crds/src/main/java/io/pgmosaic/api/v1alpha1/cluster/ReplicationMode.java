package io.pgmosaic.api.v1alpha1.cluster;

import com.fasterxml.jackson.annotation.JsonProperty;

/** How many standbys a commit waits for. */
public enum ReplicationMode {
    /** None. */
    @JsonProperty("Async")
    ASYNC,
    /** At least one. */
    @JsonProperty("SemiSync")
    SEMI_SYNC,
    /** A majority of the standbys. */
    @JsonProperty("Quorum")
    QUORUM,
    /** All standbys. */
    @JsonProperty("Sync")
    SYNC
}
