package io.pgmosaic.api.v1alpha1.cluster;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.pgmosaic.api.v1alpha1.common.ApiValue;
import org.jspecify.annotations.Nullable;

import java.util.List;

/** Whether all shards have the same schema, as was seen last. */
@ApiValue
public record SchemaDriftState(
        @JsonPropertyDescription("When that was looked at last; absent before the first time.") @Nullable
        String checkedAt,

        @JsonPropertyDescription("The annotation pgmosaic.io/check-schema that the last look was for.") @Nullable
        String requested,

        @JsonPropertyDescription("Why a look that is due has not been made.") @Nullable
        String waitingFor,

        @JsonPropertyDescription("How many objects are not the same on every shard.")
        Integer differing,

        @JsonPropertyDescription("The first of them, each with the shards that have it in one way or another.")
        List<String> differences) {

    public SchemaDriftState {
        differing = differing == null ? 0 : differing;
        differences = differences == null ? List.of() : List.copyOf(differences);
    }

    public static SchemaDriftState never() {
        return new SchemaDriftState(null, null, null, 0, List.of());
    }

    public SchemaDriftState waitingFor(@Nullable String what) {
        return new SchemaDriftState(checkedAt, requested, what, differing, differences);
    }
}
