package io.pgmosaic.router.bench;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.pgmosaic.protocol.topology.ClusterTopology;
import io.pgmosaic.protocol.topology.ShardTopology;
import io.pgmosaic.router.database.Databases;
import io.pgmosaic.router.directory.Directory;
import io.pgmosaic.router.directory.Entry;
import io.pgmosaic.router.harness.FakeOperator;
import io.pgmosaic.router.harness.RunningRouter;
import io.pgmosaic.router.harness.ShardPostgres;
import io.pgmosaic.router.harness.TestAuthority;
import io.pgmosaic.router.harness.Topologies;
import io.pgmosaic.router.lookup.LookupCounters;
import io.pgmosaic.router.lookup.RoutingTable;
import io.pgmosaic.router.lookup.TableFactory;
import io.pgmosaic.router.lookup.TableRoute;
import io.pgmosaic.router.metrics.LookupMetrics;
import io.pgmosaic.routing.guard.GuardSchema;
import io.pgmosaic.routing.map.RowKey;
import io.pgmosaic.routing.recipe.MapRecipe;
import io.pgmosaic.routing.recipe.PlacementRecipe;
import io.pgmosaic.testing.Figure;
import io.vertx.core.Vertx;
import org.HdrHistogram.Histogram;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import static org.awaitility.Awaitility.await;

/**
 * A directory of ten million tenants in a shard's database, and a router that looks them up.
 *
 * <p>{@code directory.10m.rss.mib}: memory of the router's process after lookups of tenants whose popularity follows Zipf's law
 * over all of them, target at most 256. {@code directory.hit.p99.ms}: latency of lookups that the router remembers, at a fixed rate,
 * target below 1. {@code rule.directory.ns}: the same within the process, from the texts of the key to the shard, target at
 * most 200.
 *
 * <p>Argument: the file that the figures are appended to. Needs the program in {@code target/dist}.
 */
public final class DirectoryBench {
    private static final int TENANTS = 10_000_000;
    private static final int LOOKUPS = 200_000;
    private static final int CLIENTS = 16;
    private static final int RATE = 1_000;
    private static final int ROUNDS = 5;
    private static final int REMEMBERED = 4_096;
    private static final int PER_ROUND = 2_000_000;

    private DirectoryBench() {}

    public static void main(String[] args) throws Exception {
        Path results = Path.of(args[0]);
        Path folder = Files.createTempDirectory("directory-bench");
        TestAuthority authority = new TestAuthority();
        try (FakeOperator operator = new FakeOperator(
                        authority.serverContext("pgmosaic-operator-topology"),
                        RunningRouter.TOKEN,
                        Topologies.NAMESPACE,
                        Topologies.CLUSTER);
                ShardPostgres postgres = ShardPostgres.start(authority, folder.resolve("secret"))) {
            fill(postgres);
            ClusterTopology topology = topology(postgres);
            operator.publish(topology);
            RunningRouter.secret(folder, authority.caPem(), RunningRouter.TOKEN);
            try (ServerProcess router = LookupBench.router(folder, operator)) {
                // The first connection of a cold process takes its time.
                await().until(() -> isRight(router.get("/v1/route?table=orders&key=0")));
                memory(router, results);
                latency(router, results);
            }
            inProcess(folder, topology, results);
        }
    }

    /** All have an entry at home, shard s0. */
    private static void fill(ShardPostgres postgres) throws SQLException {
        long began = System.nanoTime();
        postgres.execute(
                "shop",
                GuardSchema.create(5_000),
                "GRANT USAGE ON SCHEMA mosaic TO PUBLIC",
                "GRANT EXECUTE ON FUNCTION mosaic.directory_find(text, text, text) TO mosaic_router",
                "ALTER TABLE mosaic.directory DROP CONSTRAINT directory_pkey",
                "INSERT INTO mosaic.directory (grp, region, key, shard, attempt, state)"
                        + " SELECT '', '', n::text, 's1', 2, 'a' FROM generate_series(0, " + (TENANTS - 1) + ") AS n",
                "ALTER TABLE mosaic.directory ADD PRIMARY KEY (key, grp, region)",
                "VACUUM ANALYZE mosaic.directory");
        System.out.printf(
                Locale.ROOT,
                "%d entries made in %d s%n",
                TENANTS,
                TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - began));
    }

    private static ClusterTopology topology(ShardPostgres postgres) {
        MapRecipe map = new MapRecipe(
                1,
                null,
                List.of(PlacementRecipe.evenHashRanges(List.of("s0"))
                        .restricted(null, null, null, null, List.of("s1"))),
                List.of(),
                List.of(),
                true);
        return Topologies.of(
                map, new ShardTopology("s0", 1, postgres.server(), List.of(), null), Topologies.healthy("s1", 1));
    }

    private static void memory(ServerProcess router, Path results) throws IOException, InterruptedException {
        AtomicInteger next = new AtomicInteger();
        AtomicInteger wrong = new AtomicInteger();
        CountDownLatch done = new CountDownLatch(CLIENTS);
        long began = System.nanoTime();
        try (HttpClient client = HttpClient.newHttpClient()) {
            for (int i = 0; i < CLIENTS; i++) {
                Random random = new Random(i);
                Thread.startVirtualThread(() -> {
                    try {
                        while (next.getAndIncrement() < LOOKUPS) {
                            ask(client, router, zipf(random), wrong);
                        }
                    } finally {
                        done.countDown();
                    }
                });
            }
            done.await();
        }
        double seconds = (System.nanoTime() - began) / 1e9;
        if (wrong.get() > 0) {
            throw new IllegalStateException(wrong.get() + " lookups were not answered with the shard of the entry");
        }
        new Figure(
                        "directory.10m.rss.mib",
                        residentMib(router.pid()),
                        "MiB",
                        String.format(
                                Locale.ROOT,
                                "VmRSS of the router's process after %d lookups of %d tenants, popularity by Zipf with"
                                        + " exponent 1, %d clients, %.0f lookups a second; %s",
                                LOOKUPS,
                                TENANTS,
                                CLIENTS,
                                LOOKUPS / seconds,
                                counts(router)))
                .appendTo(results);
    }

    private static void ask(HttpClient client, ServerProcess router, int tenant, AtomicInteger wrong) {
        try {
            HttpResponse<String> answer = client.send(
                    HttpRequest.newBuilder(URI.create(router.url("/v1/route?table=orders&key=" + tenant)))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
            if (answer.statusCode() != 200 || !isRight(answer.body())) {
                wrong.incrementAndGet();
            }
        } catch (IOException e) {
            wrong.incrementAndGet();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static boolean isRight(String answer) {
        return answer.contains("\"shard\":\"s1\"");
    }

    /** By the inverse of the integral, which is Zipf's law for so many. */
    private static int zipf(Random random) {
        int rank = (int) Math.exp(random.nextDouble() * Math.log(TENANTS));
        // Neighbours in popularity are no neighbours in the table.
        return (int) ((rank * 7_919L) % TENANTS);
    }

    private static double residentMib(long pid) throws IOException {
        return Files.readAllLines(Path.of("/proc/" + pid + "/status")).stream()
                        .filter(line -> line.startsWith("VmRSS:"))
                        .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")))
                        .sum()
                / 1_024.0;
    }

    private static String counts(ServerProcess router) throws IOException, InterruptedException {
        return router.get("/metrics")
                .lines()
                .filter(line -> line.startsWith("pgmosaic_router_directory_lookups_total")
                        || line.startsWith("pgmosaic_router_directory_entries"))
                .map(line ->
                        line.substring("pgmosaic_router_directory_".length()).replace("\"", ""))
                .reduce((a, b) -> a + ", " + b)
                .orElse("");
    }

    /** The warm-up looks each key up, so all that is measured is remembered. */
    private static void latency(ServerProcess router, Path results) throws IOException {
        double[] p99 = new double[ROUNDS];
        double[] p50 = new double[ROUNDS];
        for (int round = 0; round < ROUNDS; round++) {
            Histogram latencies = PacedLoad.run(
                            router.port(), CLIENTS, RATE, TimeUnit.SECONDS.toNanos(6), TimeUnit.SECONDS.toNanos(5))
                    .latencies();
            p99[round] = latencies.getValueAtPercentile(99) / 1e6;
            p50[round] = latencies.getValueAtPercentile(50) / 1e6;
        }
        Arrays.sort(p99);
        Arrays.sort(p50);
        new Figure(
                        "directory.hit.p99.ms",
                        p99[ROUNDS / 2],
                        "ms",
                        String.format(
                                Locale.ROOT,
                                "%d lookups a second over HTTP of keys that the router remembers, each measured from when it was"
                                        + " due; median of %d rounds of 5 s, from %.3f to %.3f; p50 %.3f ms",
                                RATE,
                                ROUNDS,
                                p99[0],
                                p99[ROUNDS - 1],
                                p50[ROUNDS / 2]))
                .appendTo(results);
    }

    private static void inProcess(Path folder, ClusterTopology topology, Path results) throws IOException {
        Vertx vertx = Vertx.vertx();
        LookupCounters counters = new LookupMetrics(new SimpleMeterRegistry());
        try (Databases databases = new Databases(vertx, folder.resolve("secret"))) {
            RoutingTable table = new TableFactory(counters, 1).build(null, topology);
            TableRoute.Sharded route =
                    (TableRoute.Sharded) Objects.requireNonNull(table.table("orders"), "the topology has it");
            Directory directory = new Directory(
                    databases,
                    new Directory.Settings(16L << 20, Long.MAX_VALUE / 4, Long.MAX_VALUE / 4),
                    new SimpleMeterRegistry(),
                    System::nanoTime,
                    now -> 0);
            List<List<String>> texts = new Random(1)
                    .ints(REMEMBERED, 0, TENANTS)
                    .mapToObj(key -> List.of(Integer.toString(key)))
                    .toList();
            RowKey first = route.key().parse(List.copyOf(texts.getFirst()));
            await().ignoreExceptions()
                    .until(() ->
                            !directory.load(table, route, first, false).await().changing());
            for (List<String> text : texts) {
                directory
                        .load(table, route, route.key().parse(List.copyOf(text)), false)
                        .await();
            }
            double[] nanos = new double[ROUNDS];
            lookUp(directory, table, route, texts);
            for (int round = 0; round < ROUNDS; round++) {
                nanos[round] = lookUp(directory, table, route, texts);
            }
            Arrays.sort(nanos);
            new Figure(
                            "rule.directory.ns",
                            nanos[ROUNDS / 2],
                            "ns",
                            String.format(
                                    Locale.ROOT,
                                    "from the text of a bigint key to the shard by a remembered entry, %d keys by turns;"
                                            + " median of %d rounds of %d lookups, from %.0f to %.0f",
                                    REMEMBERED,
                                    ROUNDS,
                                    PER_ROUND,
                                    nanos[0],
                                    nanos[ROUNDS - 1]))
                    .appendTo(results);
        } finally {
            vertx.close().await();
        }
    }

    private static double lookUp(
            Directory directory, RoutingTable table, TableRoute.Sharded route, List<List<String>> texts) {
        long found = 0;
        long began = System.nanoTime();
        for (int i = 0; i < PER_ROUND; i++) {
            RowKey key = route.key().parse(List.copyOf(texts.get(i % REMEMBERED)));
            Entry entry = directory.remembered(table, route, key, Long.MAX_VALUE);
            if (entry != null && entry.shard() != null && table.shard(entry.shard()) != null) {
                found++;
            }
        }
        double nanos = (System.nanoTime() - began) / (double) PER_ROUND;
        if (found < PER_ROUND) {
            throw new IllegalStateException(PER_ROUND - found + " lookups found nothing");
        }
        return nanos;
    }
}
