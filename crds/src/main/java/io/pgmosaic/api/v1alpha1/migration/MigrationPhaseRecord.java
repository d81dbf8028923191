package io.pgmosaic.api.v1alpha1.migration;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.pgmosaic.api.v1alpha1.common.ApiValue;
import org.jspecify.annotations.Nullable;

/** When a phase began. */
@ApiValue
public record MigrationPhaseRecord(
        @JsonPropertyDescription("The phase.") @Nullable MigrationPhase phase,
        @JsonPropertyDescription("When it began.") @Nullable String since,

        @JsonPropertyDescription("What happened, for a person.") @Nullable
        String message) {}
