package io.pgmosaic.router.topology;

import io.pgmosaic.protocol.topology.ClusterTopology;
import io.pgmosaic.protocol.topology.Server;
import io.pgmosaic.protocol.topology.ShardTopology;
import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Map;

/**
 * All that a router remembers of a cluster.
 *
 * @param terms the highest term known of each shard, also of shards that the topology no longer lists: should one come
 *     back, it comes back with at least this term
 * @param servers of each shard that the topology lists: those that it had lately, the last named first, at most
 *     {@value #MOST_SERVERS}; in the midst of a failover the topology names hardly any
 */
public record KnownTopology(ClusterTopology topology, Map<String, Long> terms, Map<String, List<Server>> servers) {
    static final int MOST_SERVERS = 16;

    public KnownTopology {
        terms = Map.copyOf(terms);
        servers = servers(servers);
    }

    /** Those that a shard of the topology has now, and those that it had lately. */
    public List<Server> serversOf(ShardTopology shard) {
        return ServersSeen.after(servers.getOrDefault(shard.shard(), List.of()), shard);
    }

    /** A file that an earlier version wrote has none. */
    private static Map<String, List<Server>> servers(@Nullable Map<String, List<Server>> servers) {
        return servers == null ? Map.of() : Map.copyOf(servers);
    }
}
