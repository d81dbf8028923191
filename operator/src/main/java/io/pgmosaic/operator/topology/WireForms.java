package io.pgmosaic.operator.topology;

import io.pgmosaic.api.v1alpha1.cluster.TableSpec;
import io.pgmosaic.operator.map.Columns;
import io.pgmosaic.protocol.topology.ReplicaChoice;
import io.pgmosaic.protocol.topology.TableRule;

/** What a spec declares, in the form in which it is sent. */
final class WireForms {
    private WireForms() {}

    static ReplicaChoice choice(io.pgmosaic.api.v1alpha1.cluster.ReplicaChoice choice) {
        return switch (choice) {
            case LEAST_LAG -> ReplicaChoice.LEAST_LAG;
            case LEAST_LOADED -> ReplicaChoice.LEAST_LOADED;
        };
    }

    static TableRule table(TableSpec table) {
        return new TableRule(
                table.schema(),
                table.name(),
                Columns.schema(table).columns().stream()
                        .map(column -> new TableRule.KeyColumn(
                                column.column().name(), column.column().type(), column.role()))
                        .toList());
    }
}
