package io.pgmosaic.protocol.topology;

import io.pgmosaic.routing.recipe.MapRecipe;

import java.time.Instant;
import java.util.List;

/**
 * The whole picture of one cluster.
 *
 * @param database the database's name on every shard
 * @param referenceTables tables kept whole on every shard, {@code schema.name}
 * @param publishedAt by the operator's clock
 */
public record ClusterTopology(
        String namespace,
        String cluster,
        String clusterUid,
        String database,
        MapRecipe map,
        List<TableRule> tables,
        List<String> referenceTables,
        RoutingPolicy routing,
        List<ShardTopology> shards,
        Instant publishedAt) {

    public ClusterTopology {
        tables = List.copyOf(tables);
        referenceTables = List.copyOf(referenceTables);
        shards = List.copyOf(shards);
    }
}
