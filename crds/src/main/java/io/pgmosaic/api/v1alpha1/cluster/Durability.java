package io.pgmosaic.api.v1alpha1.cluster;

import com.fasterxml.jackson.annotation.JsonProperty;

/** What happens when fewer standbys than required are there to acknowledge. */
public enum Durability {
    /** Writes wait; nothing acknowledged is ever lost. */
    @JsonProperty("Required")
    REQUIRED,
    /** Writes go on with fewer acknowledgements, and the status says so. */
    @JsonProperty("Preferred")
    PREFERRED
}
