package io.pgmosaic.api.v1alpha1.cluster;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.pgmosaic.api.v1alpha1.common.ApiValue;
import org.jspecify.annotations.Nullable;

/** The search for a new primary that is under way, in the shard's present term. */
@ApiValue
public record ElectionState(
        @JsonPropertyDescription("Failover: the primary is lost. Switchover: it hands over in good order.")
        String kind,

        @JsonPropertyDescription("Why, in one word.") String cause,

        @JsonPropertyDescription("Why, for a person.") String message,

        @JsonPropertyDescription("The instance that is to become the primary; absent when the furthest ahead is.")
        @Nullable
        String target,

        @JsonPropertyDescription("When the primary was first seen to be in trouble.")
        String suspectedAt,

        @JsonPropertyDescription("When the term was taken.") String startedAt) {}
