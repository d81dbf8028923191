package io.pgmosaic.api.v1alpha1.migration;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Size;
import io.pgmosaic.api.v1alpha1.common.ApiValue;

import java.util.List;

/** Statements that undo a step. What contract takes away cannot be had back. */
@ApiValue
public record RollbackSpec(
        @JsonPropertyDescription("Undo the expand step.") @Size(max = 100)
        List<@Size(min = 1, max = 65536) String> expand) {

    public RollbackSpec {
        expand = expand == null ? List.of() : List.copyOf(expand);
    }

    public static RollbackSpec none() {
        return new RollbackSpec(List.of());
    }
}
