package io.pgmosaic.api.v1alpha1.cluster;

import com.fasterxml.jackson.annotation.JsonProperty;

/** How far a migration is, as applications are told. */
public enum SchemaStage {
    @JsonProperty("None")
    NONE,
    @JsonProperty("Expanded")
    EXPANDED,
    @JsonProperty("Filled")
    FILLED,
    @JsonProperty("Complete")
    COMPLETE
}
