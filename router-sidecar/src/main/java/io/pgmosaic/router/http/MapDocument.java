package io.pgmosaic.router.http;

import io.pgmosaic.protocol.topology.ClusterTopology;
import io.pgmosaic.protocol.topology.RoutingPolicy;
import io.pgmosaic.protocol.topology.TableRule;
import io.pgmosaic.routing.recipe.MapRecipe;

import java.time.Instant;
import java.util.List;

/** The body of {@code GET /v1/map}: by which rules this router finds shards. */
record MapDocument(
        String namespace,
        String cluster,
        String clusterUid,
        String database,
        MapRecipe map,
        List<TableRule> tables,
        List<String> referenceTables,
        RoutingPolicy routing,
        Instant publishedAt) {
    MapDocument {
        tables = List.copyOf(tables);
        referenceTables = List.copyOf(referenceTables);
    }

    static MapDocument of(ClusterTopology topology) {
        return new MapDocument(
                topology.namespace(),
                topology.cluster(),
                topology.clusterUid(),
                topology.database(),
                topology.map(),
                topology.tables(),
                topology.referenceTables(),
                topology.routing(),
                topology.publishedAt());
    }
}
