package io.pgmosaic.api.v1alpha1.migration;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.kubernetes.api.model.Condition;
import io.pgmosaic.api.v1alpha1.common.ApiValue;
import org.jspecify.annotations.Nullable;

import java.util.List;

/** How a migration goes. */
@ApiValue
public record SchemaMigrationStatus(
        @JsonPropertyDescription("The generation of the spec that this status speaks of.") @Nullable
        Long observedGeneration,

        @JsonPropertyDescription(
                "Pending, Checking, Expanding, Backfilling, AwaitingApproval, Contracting, Completed, RollingBack, RolledBack or Failed.")
        @Nullable
        MigrationPhase phase,

        @JsonPropertyDescription("The most important thing to know, in one sentence.") @Nullable
        String message,

        @JsonPropertyDescription("Shards that are complete, of all: 3/16.") @Nullable
        String shardsDone,

        @JsonPropertyDescription("How much of the backfill is done, over all shards.") @Nullable
        Integer backfillPercent,

        @JsonPropertyDescription("When the backfill will be done at this rate, as a time span for reading.") @Nullable
        String eta,

        @JsonPropertyDescription("What it waits for, when it does.") @Nullable
        String waitingFor,

        @JsonPropertyDescription("What the safety check found.")
        List<SafetyFinding> findings,

        @JsonPropertyDescription("How each shard goes.") List<ShardMigration> shards,

        @JsonPropertyDescription("The phases so far.") List<MigrationPhaseRecord> history,

        @JsonPropertyDescription("Conditions, as kubectl wait and GitOps tools read them.")
        List<Condition> conditions) {

    public SchemaMigrationStatus {
        findings = findings == null ? List.of() : List.copyOf(findings);
        shards = shards == null ? List.of() : List.copyOf(shards);
        history = history == null ? List.of() : List.copyOf(history);
        conditions = conditions == null ? List.of() : List.copyOf(conditions);
    }

    /** The status of a migration that no operator has looked at. */
    public static SchemaMigrationStatus empty() {
        return new SchemaMigrationStatus(
                null, null, null, null, null, null, null, List.of(), List.of(), List.of(), List.of());
    }
}
