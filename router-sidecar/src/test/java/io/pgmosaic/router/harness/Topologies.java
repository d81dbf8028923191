package io.pgmosaic.router.harness;

import io.pgmosaic.protocol.topology.ClusterTopology;
import io.pgmosaic.protocol.topology.Replica;
import io.pgmosaic.protocol.topology.RoutingPolicy;
import io.pgmosaic.protocol.topology.Server;
import io.pgmosaic.protocol.topology.ShardTopology;
import io.pgmosaic.protocol.topology.TableRule;
import io.pgmosaic.protocol.topology.TableRule.KeyColumn;
import io.pgmosaic.routing.key.KeyType;
import io.pgmosaic.routing.recipe.MapRecipe;
import io.pgmosaic.routing.recipe.OverrideRecipe;
import io.pgmosaic.routing.recipe.PlacementRecipe;

import java.time.Instant;
import java.util.List;

/** Topologies of the cluster {@code shop/orders} with shards s0 and s1. */
public final class Topologies {
    public static final String NAMESPACE = "shop";
    public static final String CLUSTER = "orders";
    public static final String UID = "3f0c3c6e-6f4c-4a1c-9a55-0c3f5d1c7b11";

    private Topologies() {}

    /** Negative hashes on s0, the others on s1; one override of the text key {@code acme}. */
    public static MapRecipe map(long version) {
        return new MapRecipe(
                version,
                null,
                List.of(PlacementRecipe.evenHashRanges(List.of("s0", "s1"))),
                List.of(new OverrideRecipe(List.of("acme"), "s1")));
    }

    public static ClusterTopology of(MapRecipe map, ShardTopology... shards) {
        return of(UID, map, shards);
    }

    public static ClusterTopology of(String clusterUid, MapRecipe map, ShardTopology... shards) {
        return new ClusterTopology(
                NAMESPACE,
                CLUSTER,
                clusterUid,
                "shop",
                map,
                List.of(
                        new TableRule("public", "orders", List.of(new KeyColumn("customer_id", KeyType.BIGINT))),
                        new TableRule("public", "accounts", List.of(new KeyColumn("name", KeyType.TEXT))),
                        new TableRule("billing", "payments", List.of(new KeyColumn("id", KeyType.UUID))),
                        new TableRule(
                                "public",
                                "events",
                                List.of(new KeyColumn("tenant", KeyType.TEXT), new KeyColumn("day", KeyType.BIGINT)))),
                List.of("public.countries"),
                new RoutingPolicy(1_000, 5_000),
                List.of(shards),
                Instant.parse("2026-05-04T10:00:00Z"));
    }

    /** A primary, a replica 20 ms behind and one 4,000 ms behind, more than the policy allows. */
    public static ShardTopology healthy(String shard, long term) {
        return new ShardTopology(
                shard,
                term,
                server(shard, 0),
                List.of(new Replica(server(shard, 1), 20L), new Replica(server(shard, 2), 4_000L)),
                null);
    }

    /** No primary; the replicas of {@link #healthy}. */
    public static ShardTopology headless(String shard, long term, String reason) {
        return new ShardTopology(shard, term, null, healthy(shard, term).replicas(), reason);
    }

    public static Server server(String shard, int ordinal) {
        return new Server(
                CLUSTER + "-" + shard + "-" + ordinal, "10.0." + shard.substring(1) + "." + (10 + ordinal), 5432);
    }

    /** Both shards well, in term 1 of map 1. */
    public static ClusterTopology healthy() {
        return of(map(1), healthy("s0", 1), healthy("s1", 1));
    }
}
