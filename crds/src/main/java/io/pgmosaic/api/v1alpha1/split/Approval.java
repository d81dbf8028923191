package io.pgmosaic.api.v1alpha1.split;

import com.fasterxml.jackson.annotation.JsonProperty;

/** Who lets the cut-over happen. */
public enum Approval {
    /** It happens when everything is verified. */
    @JsonProperty("Automatic")
    AUTOMATIC,
    /** It waits for the field approved. */
    @JsonProperty("Manual")
    MANUAL
}
