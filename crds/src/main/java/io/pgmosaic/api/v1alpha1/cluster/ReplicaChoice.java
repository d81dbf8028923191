package io.pgmosaic.api.v1alpha1.cluster;

import com.fasterxml.jackson.annotation.JsonProperty;

/** Which one of the replicas that meet a read's guarantee serves it. */
public enum ReplicaChoice {
    /** The one that is the least behind. */
    @JsonProperty("LeastLag")
    LEAST_LAG,
    /** Of two at random, the one that the router has sent less to lately. */
    @JsonProperty("LeastLoaded")
    LEAST_LOADED
}
