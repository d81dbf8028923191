package io.pgmosaic.protocol.topology;

import com.fasterxml.jackson.annotation.JsonCreator;
import io.pgmosaic.routing.recipe.MapRecipe;

import java.time.Instant;
import java.util.List;

/**
 * The whole picture of one cluster.
 *
 * @param database the database's name on every shard
 * @param referenceTables tables kept whole on every shard, {@code schema.name}
 * @param publishedAt by the operator's clock
 * @param schema how far migrations are; {@link SchemaChanges#NONE} from an operator that does not tell it
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
        Instant publishedAt,
        SchemaChanges schema) {

    @JsonCreator
    public ClusterTopology {
        tables = List.copyOf(tables);
        referenceTables = List.copyOf(referenceTables);
        shards = List.copyOf(shards);
        schema = schema == null ? SchemaChanges.NONE : schema;
    }

    /** One of which no migration is known. */
    public ClusterTopology(
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
        this(
                namespace,
                cluster,
                clusterUid,
                database,
                map,
                tables,
                referenceTables,
                routing,
                shards,
                publishedAt,
                SchemaChanges.NONE);
    }

    /** The same with other shards. */
    public ClusterTopology with(List<ShardTopology> others) {
        return new ClusterTopology(
                namespace,
                cluster,
                clusterUid,
                database,
                map,
                tables,
                referenceTables,
                routing,
                others,
                publishedAt,
                schema);
    }

    /** The same with migrations farther on. */
    public ClusterTopology with(SchemaChanges others) {
        return new ClusterTopology(
                namespace,
                cluster,
                clusterUid,
                database,
                map,
                tables,
                referenceTables,
                routing,
                shards,
                publishedAt,
                others);
    }
}
