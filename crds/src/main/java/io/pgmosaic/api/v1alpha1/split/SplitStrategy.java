package io.pgmosaic.api.v1alpha1.split;

import com.fasterxml.jackson.annotation.JsonProperty;

/** How rows get to the new shards. */
public enum SplitStrategy {
    /** By the size of the source. */
    @JsonProperty("Auto")
    AUTO,
    /** Rows are copied one by one. */
    @JsonProperty("Logical")
    LOGICAL,
    /** A clone that is promoted and pruned. */
    @JsonProperty("Physical")
    PHYSICAL
}
