package io.pgmosaic.operator.topology;

import io.pgmosaic.operator.ClusterKey;
import io.pgmosaic.protocol.Json;
import io.pgmosaic.protocol.Lsn;
import io.pgmosaic.protocol.MalformedJsonException;
import io.pgmosaic.protocol.instance.LogPosition;
import io.pgmosaic.protocol.topology.ClusterTopology;
import io.pgmosaic.protocol.topology.Replica;
import io.pgmosaic.protocol.topology.RoutingPolicy;
import io.pgmosaic.protocol.topology.Server;
import io.pgmosaic.protocol.topology.ShardTopology;
import io.pgmosaic.protocol.topology.TopologyEvent;
import io.pgmosaic.routing.recipe.MapRecipe;
import org.jspecify.annotations.Nullable;

import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;

/** Topologies of shards s0 and s1, and what a hub tells of them. */
final class HubTopologies {
    static final ClusterKey ORDERS = new ClusterKey("shop", "orders");

    private HubTopologies() {}

    /** Without positions, which tests name where they matter. */
    static List<TopologyEvent> events(News news) {
        return positioned(news).stream()
                .map(event -> switch (event) {
                    case TopologyEvent.Snapshot snapshot -> new TopologyEvent.Snapshot(snapshot.topology());
                    case TopologyEvent.ShardChanged change -> new TopologyEvent.ShardChanged(change.shard());
                    default -> event;
                })
                .toList();
    }

    static List<TopologyEvent> positioned(News news) {
        return news.text().toString().lines().map(HubTopologies::read).toList();
    }

    static TopologyEvent read(String line) {
        try {
            return Json.read(line.getBytes(StandardCharsets.UTF_8), TopologyEvent.class);
        } catch (MalformedJsonException e) {
            throw new UncheckedIOException(e);
        }
    }

    static ShardTopology at(long position, @Nullable Integer lagMillis, long ageMillis) {
        Replica replica = new Replica(
                new Server("orders-s0-1", "10.0.0.2", 5432),
                lagMillis == null ? null : lagMillis.longValue(),
                new LogPosition(1, new Lsn(position)),
                ageMillis);
        return new ShardTopology(
                "s0",
                1,
                new Server("orders-s0-0", "10.0.0.1", 5432),
                List.of(replica),
                null,
                new LogPosition(1, new Lsn(position)));
    }

    static ClusterTopology topology(long termOfS0, long termOfS1) {
        return database("shop", List.of(shard("s0", termOfS0), shard("s1", termOfS1)));
    }

    static ClusterTopology database(String database, List<ShardTopology> shards) {
        return new ClusterTopology(
                "shop",
                "orders",
                "uid-1",
                database,
                new MapRecipe(1, null, List.of(), List.of()),
                List.of(),
                List.of(),
                new RoutingPolicy(1_000, 5_000),
                shards,
                Instant.EPOCH);
    }

    static ShardTopology shard(String name, long term) {
        return new ShardTopology(name, term, new Server("orders-" + name + "-0", "10.0.0.1", 5432), List.of(), null);
    }

    static ClusterTopology at(ClusterTopology topology, Instant time) {
        return new ClusterTopology(
                topology.namespace(),
                topology.cluster(),
                topology.clusterUid(),
                topology.database(),
                topology.map(),
                topology.tables(),
                topology.referenceTables(),
                topology.routing(),
                topology.shards(),
                time);
    }
}
