package io.pgmosaic.api.v1alpha1.migration;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Size;
import io.pgmosaic.api.v1alpha1.common.ApiValue;

import java.util.List;

/** Statements that undo a step. */
@ApiValue
public record RollbackSpec(
        @JsonPropertyDescription("Undo the expand step.") @Size(max = 100)
        List<@Size(min = 1, max = 65536) String> expand,

        @JsonPropertyDescription("Undo the contract step.") @Size(max = 100)
        List<@Size(min = 1, max = 65536) String> contract) {

    public RollbackSpec {
        expand = expand == null ? List.of() : List.copyOf(expand);
        contract = contract == null ? List.of() : List.copyOf(contract);
    }

    public static RollbackSpec none() {
        return new RollbackSpec(List.of(), List.of());
    }
}
