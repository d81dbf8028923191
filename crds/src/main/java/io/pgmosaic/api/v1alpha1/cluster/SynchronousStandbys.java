package io.pgmosaic.api.v1alpha1.cluster;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.pgmosaic.api.v1alpha1.common.ApiValue;

import java.util.List;

/** The standbys that PostgreSQL was last told to wait for. */
@ApiValue
public record SynchronousStandbys(
        @JsonPropertyDescription("Number of this set within the term; a change of the set takes the next one.")
        Long sequence,

        @JsonPropertyDescription("Names of the instances.") List<String> names,

        @JsonPropertyDescription("How many of them must acknowledge a commit.")
        Integer acknowledgements) {

    public SynchronousStandbys {
        sequence = sequence == null ? 0L : sequence;
        names = names == null ? List.of() : List.copyOf(names);
        acknowledgements = acknowledgements == null ? 0 : acknowledgements;
    }
}
