package io.pgmosaic.api.v1alpha1.cluster;

import com.fasterxml.jackson.annotation.JsonProperty;

/** Which standbys count, as in PostgreSQL's synchronous_standby_names. */
public enum QuorumMethod {
    /** Any k of the listed standbys. */
    @JsonProperty("ANY")
    ANY,
    /** The first k of the listed standbys that are connected. */
    @JsonProperty("FIRST")
    FIRST
}
