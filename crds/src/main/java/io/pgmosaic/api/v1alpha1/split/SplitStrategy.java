package io.pgmosaic.api.v1alpha1.split;

import com.fasterxml.jackson.annotation.JsonProperty;

/** How rows get to the new shards. */
public enum SplitStrategy {
    /** By the size of the source. */
    @JsonProperty("Auto")
    AUTO,
    /** Logical replication with row filters. */
    @JsonProperty("Logical")
    LOGICAL,
    /** A clone that is promoted and pruned. This version refuses it. */
    @JsonProperty("Physical")
    PHYSICAL
}
