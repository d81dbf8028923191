package io.pgmosaic.cli;

import io.pgmosaic.api.v1alpha1.cluster.ShardMapState;
import io.pgmosaic.api.v1alpha1.cluster.ShardState;
import io.pgmosaic.api.v1alpha1.cluster.ShardedCluster;
import io.pgmosaic.api.v1alpha1.cluster.ShardingSpec;
import io.pgmosaic.api.v1alpha1.cluster.TableGroupSpec;
import io.pgmosaic.api.v1alpha1.cluster.TableSizeState;
import io.pgmosaic.api.v1alpha1.cluster.TableSpec;
import io.pgmosaic.maps.Columns;
import io.pgmosaic.maps.RecordedMap;
import io.pgmosaic.routing.plan.PlannedTable;
import io.pgmosaic.routing.recipe.MapRecipe;
import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;

/**
 * What a cluster is now, as far as planning goes.
 *
 * @param sizes bytes of each table on each shard; a shard that is missing was not measured
 * @param bytes of all databases; null when a shard was not measured
 */
record PresentState(
        MapRecipe map,
        List<PlannedTable> tables,
        Map<String, Map<String, Long>> sizes,
        @Nullable Long bytes) {
    PresentState {
        tables = List.copyOf(tables);
        sizes = Map.copyOf(sizes);
    }

    /** @throws Refusal when the operator has not recorded a map yet */
    static PresentState of(ShardedCluster cluster) throws Refusal {
        @Nullable
        ShardMapState map =
                cluster.getStatus() == null ? null : cluster.getStatus().map();
        if (map == null) {
            throw new Refusal("the ShardedCluster " + cluster.getMetadata().getName()
                    + " has no map in its status: it is being created, or no operator has seen it");
        }
        List<ShardState> shards = cluster.getStatus().shards();
        return new PresentState(
                RecordedMap.recipe(map),
                tables(cluster.getSpec().sharding()),
                sizes(shards),
                shards.stream().allMatch(shard -> shard.size() != null)
                        ? shards.stream()
                                .mapToLong(shard ->
                                        Objects.requireNonNull(shard.size()).bytes())
                                .sum()
                        : null);
    }

    private static List<PlannedTable> tables(ShardingSpec sharding) {
        List<PlannedTable> tables = new ArrayList<>();
        sharding.tables().forEach(table -> tables.add(table(table, null)));
        for (TableGroupSpec group : sharding.groups()) {
            group.tables().forEach(table -> tables.add(table(table, group.name())));
        }
        return tables;
    }

    private static PlannedTable table(TableSpec table, @Nullable String group) {
        return new PlannedTable(
                table.schema() + "." + table.name(),
                group,
                Columns.schema(table).key());
    }

    private static Map<String, Map<String, Long>> sizes(List<ShardState> shards) {
        Map<String, Map<String, Long>> sizes = new HashMap<>();
        for (ShardState shard : shards) {
            if (shard.size() != null) {
                sizes.put(
                        shard.name(),
                        shard.size().tables().stream()
                                .collect(Collectors.toMap(
                                        TableSizeState::table, TableSizeState::bytes, (one, other) -> one)));
            }
        }
        return sizes;
    }
}
