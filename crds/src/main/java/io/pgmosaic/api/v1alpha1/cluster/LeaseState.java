package io.pgmosaic.api.v1alpha1.cluster;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.pgmosaic.api.v1alpha1.common.ApiValue;

/** When a primary stops itself. */
@ApiValue
public record LeaseState(
        @JsonPropertyDescription("After so many milliseconds without a confirmation; 0 for never.")
        Long millis,

        @JsonPropertyDescription("Instances of which a majority, with the primary in it, confirms.")
        Integer members) {

    public LeaseState {
        millis = millis == null ? 0L : millis;
        members = members == null ? 1 : members;
    }
}
