package io.pgmosaic.operator.bench;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.pgmosaic.operator.ClusterKey;
import io.pgmosaic.operator.pki.CertificateAuthority;
import io.pgmosaic.operator.topology.StreamLimits;
import io.pgmosaic.operator.topology.TopologyHub;
import io.pgmosaic.operator.topology.TopologyServer;
import io.pgmosaic.protocol.topology.ClusterTopology;
import io.pgmosaic.protocol.topology.Replica;
import io.pgmosaic.protocol.topology.RoutingPolicy;
import io.pgmosaic.protocol.topology.Server;
import io.pgmosaic.protocol.topology.ShardTopology;
import io.pgmosaic.routing.recipe.MapRecipe;
import io.pgmosaic.routing.recipe.PlacementRecipe;
import io.vertx.core.Vertx;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;

/**
 * The topology endpoint of an operator in a process of its own, for the benchmark of those who listen to it. Argument: the folder
 * into which it writes what a router is given. It prints its port; then, for each line that it reads, it fails shard s0 over and
 * prints the new term and the moment, by {@link System#nanoTime}, at which it began to tell of the new primary.
 */
public final class TopologyOperator {
    private static final ClusterKey ORDERS = new ClusterKey("shop", "orders");
    private static final String TOKEN = "token-of-the-router";
    private static final int MOST_STREAMS = 5_000;
    /** For how long the shard has no primary. */
    private static final Duration HEADLESS = Duration.ofMillis(300);

    private TopologyOperator() {}

    public static void main(String[] args) throws IOException, GeneralSecurityException, InterruptedException {
        int shards = Integer.parseInt(args[1]);
        CertificateAuthority authority =
                CertificateAuthority.of(CertificateAuthority.create("operator", Instant.now(), Duration.ofDays(1)));
        Path folder = Files.createDirectories(Path.of(args[0]));
        Files.writeString(folder.resolve("ca.crt"), authority.certificatePem());
        Files.writeString(folder.resolve("token"), TOKEN);
        TopologyHub hub = new TopologyHub(Clock.systemUTC());
        TopologyServer server = new TopologyServer(
                Vertx.vertx(),
                hub,
                (cluster, token) -> token.equals(TOKEN) ? null : "it is not the token",
                (cluster, request) ->
                        CompletableFuture.failedFuture(new IllegalStateException("not in this benchmark")),
                new TopologyServer.Directories(
                        (cluster, token) -> "not in this benchmark",
                        (cluster, change, within) ->
                                CompletableFuture.failedFuture(new IllegalStateException("not in this benchmark"))),
                StreamLimits.of(MOST_STREAMS, Duration.ofMinutes(10)),
                authority.issueServer(List.of("pgmosaic-operator-topology"), Instant.now(), Duration.ofHours(12)),
                new SimpleMeterRegistry(),
                Clock.systemUTC());
        hub.publish(ORDERS, topology(shards, 1, true));
        System.out.println(server.listen("127.0.0.1", 0));
        BufferedReader orders = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII));
        for (long term = 2; orders.readLine() != null; term++) {
            hub.publish(ORDERS, topology(shards, term, false));
            // The simulated fault itself, and no wait for anything: so long a failover leaves a shard without a
            // primary.
            Thread.sleep(HEADLESS);
            ClusterTopology healed = topology(shards, term, true);
            long began = System.nanoTime();
            hub.publish(ORDERS, healed);
            System.out.println(term + " " + began);
        }
        System.exit(0);
    }

    /** @param term of shard s0, whose primary moves with it */
    private static ClusterTopology topology(int shards, long term, boolean whole) {
        List<ShardTopology> all = IntStream.range(0, shards)
                .mapToObj(shard -> shard == 0 ? shard(shard, term, whole) : shard(shard, 1, true))
                .toList();
        return new ClusterTopology(
                ORDERS.namespace(),
                ORDERS.name(),
                "uid-1",
                "shop",
                new MapRecipe(
                        1,
                        null,
                        List.of(PlacementRecipe.evenHashRanges(
                                all.stream().map(ShardTopology::shard).toList())),
                        List.of()),
                List.of(),
                List.of(),
                new RoutingPolicy(1_000, 5_000),
                all,
                Instant.now());
    }

    private static ShardTopology shard(int shard, long term, boolean whole) {
        int primary = (int) (term % 3);
        return new ShardTopology(
                "s" + shard,
                term,
                whole ? server(shard, primary) : null,
                List.of(
                        new Replica(server(shard, (primary + 1) % 3), 20L),
                        new Replica(server(shard, (primary + 2) % 3), 20L)),
                whole ? null : "the shard is getting another primary in term " + term);
    }

    private static Server server(int shard, int ordinal) {
        String instance = "orders-s" + shard + "-" + ordinal;
        return new Server(instance, instance + ".orders-s" + shard + ".shop.svc.cluster.local", 5432);
    }
}
