package io.pgmosaic.api.v1alpha1.migration;

import com.fasterxml.jackson.annotation.JsonProperty;

/** How far a migration is. */
public enum MigrationPhase {
    @JsonProperty("Pending")
    PENDING,
    @JsonProperty("Checking")
    CHECKING,
    @JsonProperty("Expanding")
    EXPANDING,
    @JsonProperty("Backfilling")
    BACKFILLING,
    @JsonProperty("AwaitingApproval")
    AWAITING_APPROVAL,
    @JsonProperty("Contracting")
    CONTRACTING,
    @JsonProperty("Completed")
    COMPLETED,
    @JsonProperty("RollingBack")
    ROLLING_BACK,
    @JsonProperty("RolledBack")
    ROLLED_BACK,
    @JsonProperty("Failed")
    FAILED
}
