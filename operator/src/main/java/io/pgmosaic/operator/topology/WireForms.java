package io.pgmosaic.operator.topology;

import io.pgmosaic.api.v1alpha1.cluster.GroupMapState;
import io.pgmosaic.api.v1alpha1.cluster.PlacementRule;
import io.pgmosaic.api.v1alpha1.cluster.SchemaChangeState;
import io.pgmosaic.api.v1alpha1.cluster.SchemaChangesState;
import io.pgmosaic.api.v1alpha1.cluster.ShardMapState;
import io.pgmosaic.api.v1alpha1.cluster.ShardStageState;
import io.pgmosaic.api.v1alpha1.cluster.ShardingSpec;
import io.pgmosaic.api.v1alpha1.cluster.SizeState;
import io.pgmosaic.api.v1alpha1.cluster.TableSizeState;
import io.pgmosaic.api.v1alpha1.cluster.TableSpec;
import io.pgmosaic.maps.Columns;
import io.pgmosaic.protocol.topology.ReplicaChoice;
import io.pgmosaic.protocol.topology.SchemaChange;
import io.pgmosaic.protocol.topology.SchemaChanges;
import io.pgmosaic.protocol.topology.SchemaStage;
import io.pgmosaic.protocol.topology.ShardSize;
import io.pgmosaic.protocol.topology.TableRule;
import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** What a spec declares, in the form in which it is sent. */
final class WireForms {
    private WireForms() {}

    static ReplicaChoice choice(io.pgmosaic.api.v1alpha1.cluster.ReplicaChoice choice) {
        return switch (choice) {
            case LEAST_LAG -> ReplicaChoice.LEAST_LAG;
            case LEAST_LOADED -> ReplicaChoice.LEAST_LOADED;
        };
    }

    static SchemaChanges schema(@Nullable SchemaChangesState told) {
        return told == null
                ? SchemaChanges.NONE
                : new SchemaChanges(
                        told.version(),
                        told.changes().stream().map(WireForms::change).toList());
    }

    private static SchemaChange change(SchemaChangeState told) {
        return new SchemaChange(
                told.name(),
                told.tables(),
                stage(told.everywhere()),
                told.ahead().stream()
                        .collect(Collectors.toMap(
                                ShardStageState::shard, ahead -> stage(ahead.stage()), (one, other) -> one)));
    }

    private static SchemaStage stage(io.pgmosaic.api.v1alpha1.cluster.SchemaStage stage) {
        return switch (stage) {
            case NONE -> SchemaStage.NONE;
            case EXPANDED -> SchemaStage.EXPANDED;
            case FILLED -> SchemaStage.FILLED;
            case COMPLETE -> SchemaStage.COMPLETE;
        };
    }

    /** Null while nothing was measured. */
    static @Nullable ShardSize size(@Nullable SizeState size) {
        return size == null
                ? null
                : new ShardSize(
                        size.bytes(),
                        size.tables().stream()
                                .collect(Collectors.toMap(
                                        TableSizeState::table, TableSizeState::bytes, (one, other) -> one)));
    }

    /** Every table that the map places; one of a group that is not recorded yet is left out. */
    static List<TableRule> tables(ShardMapState map, ShardingSpec sharding) {
        Set<String> recorded = map.groups().stream().map(GroupMapState::name).collect(Collectors.toSet());
        List<TableRule> rules = new ArrayList<>();
        sharding.tables().forEach(table -> rules.add(table(table, null, sharding)));
        sharding.allGroups().stream()
                .filter(group -> recorded.contains(group.name()))
                .forEach(group -> group.tables().forEach(table -> rules.add(table(table, group.name(), group))));
        return rules;
    }

    private static TableRule table(TableSpec table, @Nullable String group, PlacementRule rule) {
        Duration retention = rule.retentionDuration();
        return new TableRule(
                table.schema(),
                table.name(),
                Columns.schema(table).columns().stream()
                        .map(column -> new TableRule.KeyColumn(
                                column.column().name(), column.column().type(), column.role()))
                        .toList(),
                group,
                table.lookupIndexes().stream()
                        .map(index -> new TableRule.LookupIndex(index.name(), index.column()))
                        .toList(),
                retention == null ? null : retention.toMillis());
    }
}
