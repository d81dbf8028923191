package io.pgmosaic.router.database;

import io.pgmosaic.protocol.topology.ClusterTopology;
import io.pgmosaic.protocol.topology.Replica;
import io.pgmosaic.protocol.topology.Server;
import io.pgmosaic.protocol.topology.ShardTopology;
import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/** Replicas that the router itself may ask in a primary's place. */
public final class FitReplicas {
    private FitReplicas() {}

    /** One of those that lag no more than the cluster allows for reads; null when there is none. */
    public static @Nullable Server any(ClusterTopology cluster, ShardTopology shard) {
        long most = cluster.routing().maxReplicaLagMillis();
        List<Server> fit = shard.replicas().stream()
                .filter(replica -> replica.lagMillis() != null && replica.lagMillis() <= most)
                .map(Replica::server)
                .toList();
        return fit.isEmpty() ? null : fit.get(ThreadLocalRandom.current().nextInt(fit.size()));
    }
}
