package io.pgmosaic.api.v1alpha1.cluster;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.pgmosaic.api.v1alpha1.common.ApiValue;

import java.util.List;

/** Standbys of which some number may have acknowledged a commit. */
@ApiValue
public record SynchronousSetState(
        @JsonPropertyDescription("The standbys that could acknowledge a commit.")
        List<String> standbys,

        @JsonPropertyDescription("How many of them had to.") Integer acknowledgements) {

    public SynchronousSetState {
        standbys = standbys == null ? List.of() : List.copyOf(standbys);
        acknowledgements = acknowledgements == null ? 0 : acknowledgements;
    }
}
