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

        @JsonPropertyDescription("expand, backfill or contract.") @Nullable
        String step,

        @JsonPropertyDescription("How often the step has been tried.") @Nullable
        Integer attempts,

        @JsonPropertyDescription("Why it failed.") @Nullable String error,

        @JsonPropertyDescription("Rows that the backfill has filled.") @Nullable
        Long rowsDone,

        @JsonPropertyDescription("Rows that the backfill has to fill.") @Nullable
        Long rowsTotal) {

    public ShardMigration {
        name = name == null ? "" : name;
    }
}
