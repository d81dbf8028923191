package io.pgmosaic.api.v1alpha1.migration;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.pgmosaic.api.v1alpha1.common.ApiValue;
import org.jspecify.annotations.Nullable;

/** How one shard goes. */
@ApiValue
public record ShardMigration(
        @JsonPropertyDescription("Name of the shard.") String name,

        @JsonPropertyDescription("Pending, Running, Complete or Failed.") @Nullable
        ShardMigrationPhase phase,

        @JsonPropertyDescription("The step that is under way or comes next: expand, backfill, contract or undo.")
        @Nullable
        String step,

        @JsonPropertyDescription("How often the step has failed, as far as the present operator knows.") @Nullable
        Integer attempts,

        @JsonPropertyDescription("Why it failed, or what it waits for.") @Nullable
        String error,

        @JsonPropertyDescription("Rows that the backfill has gone through.") @Nullable
        Long rowsDone,

        @JsonPropertyDescription("Rows that there are, about.") @Nullable
        Long rowsTotal) {

    public ShardMigration {
        name = name == null ? "" : name;
    }
}
