package io.pgmosaic.api.v1alpha1.split;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.pgmosaic.api.v1alpha1.common.ApiValue;
import org.jspecify.annotations.Nullable;

/** When a phase began. */
@ApiValue
public record PhaseRecord(
        @JsonPropertyDescription("The phase.") @Nullable SplitPhase phase,
        @JsonPropertyDescription("When it began.") @Nullable String since,

        @JsonPropertyDescription("What happened, for a person.") @Nullable
        String message) {}
