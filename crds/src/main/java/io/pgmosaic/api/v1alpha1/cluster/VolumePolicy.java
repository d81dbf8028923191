package io.pgmosaic.api.v1alpha1.cluster;

import com.fasterxml.jackson.annotation.JsonProperty;

/** What becomes of the volumes when the cluster is deleted. */
public enum VolumePolicy {
    /** They stay, with the data. */
    @JsonProperty("Retain")
    RETAIN,
    /** They are deleted, with the data. */
    @JsonProperty("Delete")
    DELETE
}
