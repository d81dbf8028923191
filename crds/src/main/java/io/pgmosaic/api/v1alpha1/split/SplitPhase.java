package io.pgmosaic.api.v1alpha1.split;

import com.fasterxml.jackson.annotation.JsonProperty;

/** How far a split is. */
public enum SplitPhase {
    @JsonProperty("Pending")
    PENDING,
    @JsonProperty("Preparing")
    PREPARING,
    @JsonProperty("Copying")
    COPYING,
    @JsonProperty("CatchingUp")
    CATCHING_UP,
    @JsonProperty("Verifying")
    VERIFYING,
    @JsonProperty("AwaitingApproval")
    AWAITING_APPROVAL,
    @JsonProperty("Switching")
    SWITCHING,
    @JsonProperty("Soaking")
    SOAKING,
    @JsonProperty("Finalizing")
    FINALIZING,
    @JsonProperty("Completed")
    COMPLETED,
    @JsonProperty("RollingBack")
    ROLLING_BACK,
    @JsonProperty("RolledBack")
    ROLLED_BACK,
    @JsonProperty("Failed")
    FAILED
}
