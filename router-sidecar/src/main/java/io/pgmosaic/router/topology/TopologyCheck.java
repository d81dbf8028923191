package io.pgmosaic.router.topology;

import io.pgmosaic.protocol.topology.ClusterTopology;
import io.pgmosaic.protocol.topology.Server;
import io.pgmosaic.protocol.topology.ShardTopology;
import io.pgmosaic.routing.recipe.PlacementRecipe;
import org.jspecify.annotations.Nullable;

/**
 * Looks for what is missing in a topology that came from outside: JSON binds an absent field to null, whatever the type
 * says.
 */
public final class TopologyCheck {
    private final String namespace;
    private final String cluster;

    public TopologyCheck(String namespace, String cluster) {
        this.namespace = namespace;
        this.cluster = cluster;
    }

    /** @throws InvalidTopologyException naming the first field that is missing or not this cluster's */
    void check(@Nullable ClusterTopology topology) throws InvalidTopologyException {
        if (topology == null) {
            throw new InvalidTopologyException("a snapshot without its topology");
        }
        if (!namespace.equals(topology.namespace()) || !cluster.equals(topology.cluster())) {
            throw new InvalidTopologyException("a topology of " + topology.namespace() + "/" + topology.cluster());
        }
        present(topology.clusterUid(), "clusterUid");
        present(topology.database(), "database");
        present(topology.map(), "map");
        for (PlacementRecipe placement : topology.map().placements()) {
            present(placement.strategy(), "map.placements.strategy");
        }
        present(topology.routing(), "routing");
        for (ShardTopology shard : topology.shards()) {
            check(shard);
        }
    }

    /** @throws InvalidTopologyException as above */
    void check(@Nullable ShardTopology shard) throws InvalidTopologyException {
        if (shard == null) {
            throw new InvalidTopologyException("a change without its shard");
        }
        present(shard.shard(), "shard.shard");
        if (shard.primary() != null) {
            check(shard.primary(), shard.shard());
        }
        for (var replica : shard.replicas()) {
            present(replica.server(), "shard.replicas.server");
            check(replica.server(), shard.shard());
        }
    }

    private static void check(Server server, String shard) throws InvalidTopologyException {
        present(server.instance(), "instance of a server of shard " + shard);
        present(server.host(), "host of a server of shard " + shard);
    }

    private static void present(@Nullable Object value, String field) throws InvalidTopologyException {
        if (value == null) {
            throw new InvalidTopologyException("a topology without " + field);
        }
    }
}
