package io.pgmosaic.router.topology;

import io.pgmosaic.protocol.topology.ClusterTopology;

import java.util.Map;

/**
 * All that a router remembers of a cluster.
 *
 * @param terms the highest term known of each shard, also of shards that the topology no longer lists: should one come
 *     back, it comes back with at least this term
 */
public record KnownTopology(ClusterTopology topology, Map<String, Long> terms) {
    public KnownTopology {
        terms = Map.copyOf(terms);
    }
}
