package io.pgmosaic.api.v1alpha1.cluster;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.kubernetes.api.model.Condition;
import io.pgmosaic.api.v1alpha1.common.ApiValue;
import org.jspecify.annotations.Nullable;

import java.util.List;

/** What the operator has seen and decided. */
@ApiValue
public record ShardedClusterStatus(
        @JsonPropertyDescription("The generation of the spec that this status speaks of.") @Nullable
        Long observedGeneration,

        @JsonPropertyDescription(
                "One word for how it goes: Creating, Ready, Updating, Degraded, SwitchingOver, FailingOver, Failed or Invalid.")
        @Nullable
        String phase,

        @JsonPropertyDescription("The most important thing to know, in one sentence.") @Nullable
        String message,

        @JsonPropertyDescription("Shards that take writes, of all: 2/2.") @Nullable
        String shardsReady,

        @JsonPropertyDescription("Instances that take connections, of all: 6/6.") @Nullable
        String instancesReady,

        @JsonPropertyDescription("The shard map in force.") @Nullable
        ShardMapState map,

        @JsonPropertyDescription("The shards.") List<ShardState> shards,

        @JsonPropertyDescription("The splits that are under way.")
        List<SplitState> splits,

        @JsonPropertyDescription("The SchemaMigration that may change the shards now; no split begins while it does.")
        @Nullable
        MigrationState migration,

        @JsonPropertyDescription("What applications are told of migrations; absent before the first one.") @Nullable
        SchemaChangesState schemaChanges,

        @JsonPropertyDescription("Whether all shards have the same schema; absent before the first look.") @Nullable
        SchemaDriftState schemaDrift,

        @JsonPropertyDescription(
                "Ready, Reconciling, Stalled and the product's own, as kubectl wait and GitOps tools read them.")
        List<Condition> conditions) {

    public ShardedClusterStatus {
        shards = shards == null ? List.of() : List.copyOf(shards);
        splits = splits == null ? List.of() : List.copyOf(splits);
        conditions = conditions == null ? List.of() : List.copyOf(conditions);
    }

    /** The status of a cluster that no operator has looked at. */
    public static ShardedClusterStatus empty() {
        return new ShardedClusterStatus(
                null, null, null, null, null, null, List.of(), List.of(), null, null, null, List.of());
    }

    /** The same with another map, other shards and splits. */
    public ShardedClusterStatus with(
            @Nullable ShardMapState newMap, List<ShardState> newShards, List<SplitState> newSplits) {
        return new ShardedClusterStatus(
                observedGeneration,
                phase,
                message,
                shardsReady,
                instancesReady,
                newMap,
                newShards,
                newSplits,
                migration,
                schemaChanges,
                schemaDrift,
                conditions);
    }

    /** The same with another migration under way, or none. */
    public ShardedClusterStatus with(@Nullable MigrationState newMigration) {
        return new ShardedClusterStatus(
                observedGeneration,
                phase,
                message,
                shardsReady,
                instancesReady,
                map,
                shards,
                splits,
                newMigration,
                schemaChanges,
                schemaDrift,
                conditions);
    }

    /** The same with applications told something else. */
    public ShardedClusterStatus with(SchemaChangesState newSchemaChanges) {
        return new ShardedClusterStatus(
                observedGeneration,
                phase,
                message,
                shardsReady,
                instancesReady,
                map,
                shards,
                splits,
                migration,
                newSchemaChanges,
                schemaDrift,
                conditions);
    }

    /** The same with another result of the comparison of schemas. */
    public ShardedClusterStatus with(SchemaDriftState newSchemaDrift) {
        return new ShardedClusterStatus(
                observedGeneration,
                phase,
                message,
                shardsReady,
                instancesReady,
                map,
                shards,
                splits,
                migration,
                schemaChanges,
                newSchemaDrift,
                conditions);
    }
}
