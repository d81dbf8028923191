package io.pgmosaic.api.v1alpha1.cluster;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.pgmosaic.api.v1alpha1.common.ApiValue;

/** How far an instance's log went when a new primary was chosen. */
@ApiValue
public record PositionState(
        @JsonPropertyDescription("Name of its pod.") String instance,

        @JsonPropertyDescription("Timeline of the end of its log, which is the term in which that was written.")
        Long timeline,

        @JsonPropertyDescription("The end of its log, as PostgreSQL writes positions.")
        String lsn) {}
