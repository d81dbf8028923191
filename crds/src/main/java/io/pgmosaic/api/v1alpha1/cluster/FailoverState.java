package io.pgmosaic.api.v1alpha1.cluster;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.pgmosaic.api.v1alpha1.common.ApiValue;
import org.jspecify.annotations.Nullable;

import java.util.List;

/** How the present primary came to be one. */
@ApiValue
public record FailoverState(
        @JsonPropertyDescription("Failover or Switchover.") String kind,

        @JsonPropertyDescription("The new primary's term.") Long term,

        @JsonPropertyDescription("The primary before.") String oldPrimary,

        @JsonPropertyDescription("The primary since.") String newPrimary,

        @JsonPropertyDescription("Why, in one word.") String cause,

        @JsonPropertyDescription("Why, for a person.") String message,

        @JsonPropertyDescription("How far the log of each instance went that was considered.")
        List<PositionState> positions,

        @JsonPropertyDescription(
                "Bytes of log that may have been acknowledged and are lost, at most, as far as the operator had seen; 0 when nothing acknowledged can be lost; absent when it cannot be said.")
        @Nullable
        Long dataLossBoundBytes,

        @JsonPropertyDescription("When the old primary was first seen to be in trouble.")
        String suspectedAt,

        @JsonPropertyDescription("When the term was taken.") String startedAt,

        @JsonPropertyDescription("When the new primary was chosen, after enough instances had promised.")
        String decidedAt,

        @JsonPropertyDescription("When the new primary was seen to run as such.") @Nullable
        String promotedAt,

        @JsonPropertyDescription("When it was seen to be open to applications again.") @Nullable
        String openedAt) {

    public FailoverState {
        positions = positions == null ? List.of() : List.copyOf(positions);
    }
}
