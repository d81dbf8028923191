package io.pgmosaic.api.v1alpha1.cluster;

import com.fasterxml.jackson.annotation.JsonProperty;

/** Whether two instances of one shard may share a node. */
public enum Spread {
    /** Only if there is no other node. */
    @JsonProperty("Preferred")
    PREFERRED,
    /** Never; a pod without a node of its own stays pending. */
    @JsonProperty("Required")
    REQUIRED,
    /** The scheduler is told nothing. */
    @JsonProperty("None")
    NONE
}
