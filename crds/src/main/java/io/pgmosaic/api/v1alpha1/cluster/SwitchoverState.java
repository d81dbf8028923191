package io.pgmosaic.api.v1alpha1.cluster;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.pgmosaic.api.v1alpha1.common.ApiValue;
import org.jspecify.annotations.Nullable;

/** What became of the switchover that the spec asks for. */
@ApiValue
public record SwitchoverState(
        @JsonPropertyDescription("The instance that was asked for.")
        String to,

        @JsonPropertyDescription("The request's text in the spec.") @Nullable
        String request,

        @JsonPropertyDescription("Running, Done, or Refused for now: it is done once it is safe.")
        String state,

        @JsonPropertyDescription("Why it is so, for a person.")
        String message) {}
