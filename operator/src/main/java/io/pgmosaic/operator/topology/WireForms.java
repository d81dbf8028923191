package io.pgmosaic.operator.topology;

import io.pgmosaic.api.v1alpha1.cluster.KeyColumnType;
import io.pgmosaic.api.v1alpha1.cluster.ShardMapState;
import io.pgmosaic.api.v1alpha1.cluster.ShardingStrategy;
import io.pgmosaic.api.v1alpha1.cluster.TableSpec;
import io.pgmosaic.protocol.topology.KeyType;
import io.pgmosaic.protocol.topology.ReplicaChoice;
import io.pgmosaic.protocol.topology.ShardMapDocument;
import io.pgmosaic.protocol.topology.TableRule;

import java.util.Objects;

/** The recorded map in the form in which it is sent. */
final class WireForms {
    private WireForms() {}

    static ShardMapDocument map(ShardMapState map) {
        return new ShardMapDocument(
                map.version(),
                map.strategy() == ShardingStrategy.HASH_RANGE
                        ? ShardMapDocument.Strategy.HASH_RANGE
                        : ShardMapDocument.Strategy.CONSISTENT_HASH,
                map.ranges().stream()
                        .map(range -> new ShardMapDocument.Range(range.lower(), range.shard()))
                        .toList(),
                map.shards(),
                map.virtualNodes(),
                map.overrides().stream()
                        .map(override -> new ShardMapDocument.KeyOverride(override.key(), override.shard()))
                        .toList());
    }

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
                table.key().stream()
                        .map(column -> new TableRule.KeyColumn(
                                column.column(),
                                keyType(Objects.requireNonNull(column.type(), "a validated column has a type"))))
                        .toList());
    }

    private static KeyType keyType(KeyColumnType type) {
        return switch (type) {
            case BIGINT -> KeyType.BIGINT;
            case TEXT -> KeyType.TEXT;
            case UUID -> KeyType.UUID;
        };
    }
}
