package io.pgmosaic.api.v1alpha1.migration;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.pgmosaic.api.v1alpha1.common.ApiValue;
import org.jspecify.annotations.Nullable;

/** Something in the statements that could hurt. */
@ApiValue
public record SafetyFinding(
        @JsonPropertyDescription("Name of the finding, to be listed in allow.")
        String name,

        @JsonPropertyDescription("The statement.") @Nullable String statement,

        @JsonPropertyDescription("What could happen, and the safe way to write it.") @Nullable
        String message) {

    public SafetyFinding {
        name = name == null ? "" : name;
    }
}
