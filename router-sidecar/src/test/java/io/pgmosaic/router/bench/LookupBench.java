package io.pgmosaic.router.bench;

import io.pgmosaic.protocol.Lsn;
import io.pgmosaic.protocol.instance.LogPosition;
import io.pgmosaic.protocol.topology.Replica;
import io.pgmosaic.protocol.topology.ShardTopology;
import io.pgmosaic.router.harness.FakeOperator;
import io.pgmosaic.router.harness.RunningRouter;
import io.pgmosaic.router.harness.TestAuthority;
import io.pgmosaic.router.harness.Topologies;
import io.pgmosaic.routing.recipe.MapRecipe;
import io.pgmosaic.routing.recipe.PlacementRecipe;
import io.pgmosaic.testing.Figure;
import org.HdrHistogram.Histogram;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

import static java.nio.charset.StandardCharsets.UTF_8;

/**
 * {@code lookup.http.ratio}: throughput of lookups over that of {@link BareServer} with a body of the same size, both
 * processes up all the time and loaded in turn. {@code lookup.http.consistency.ratio}: the same of reads with a guarantee,
 * target at least 0.5. {@code lookup.http.p99.ms}: latency at half of the router's own peak.
 *
 * <p>Argument: the file that the figures are appended to. Needs {@code wrk} and the program in {@code target/dist}.
 */
public final class LookupBench {
    private static final int SHARDS = 64;
    private static final int ROUNDS = 5;
    private static final int LATENCY_ROUNDS = 3;
    private static final int TOKEN_SHARDS = 8;
    private static final int ROUND_SECONDS = 4;
    private static final int WARM_UP_SECONDS = 6;

    private LookupBench() {}

    public static void main(String[] args) throws Exception {
        Path results = Path.of(args[0]);
        Path folder = Files.createTempDirectory("lookup-bench");
        TestAuthority authority = new TestAuthority();
        try (FakeOperator operator = new FakeOperator(
                authority.serverContext("pgmosaic-operator-topology"),
                RunningRouter.TOKEN,
                Topologies.NAMESPACE,
                Topologies.CLUSTER)) {
            operator.publish(Topologies.of(map(), shards()));
            RunningRouter.secret(folder, authority.caPem(), RunningRouter.TOKEN);
            Files.writeString(
                    folder.resolve("secret").resolve("causal-keys"),
                    "k1 AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n");
            try (ServerProcess router = router(folder, operator);
                    ServerProcess bare = bare(folder, router.get(target()).getBytes(UTF_8).length)) {
                double peak =
                        compare(router, bare, Wrk.writes(folder), results, "lookup.http.ratio", "random bigint keys");
                latency(router, bare, peak / 2, results);
                guarantees(router, folder, results);
            }
        }
    }

    /** By turns bounded reads and causal ones with a token of {@value #TOKEN_SHARDS} shards. */
    private static void guarantees(ServerProcess router, Path folder, Path results)
            throws IOException, InterruptedException {
        String token = "";
        for (int i = 0; i < TOKEN_SHARDS; i++) {
            token = router.report("{\"shard\":\"s" + i + "\",\"term\":1,\"lsn\":\"0/100\",\"kind\":\"write\"}", token);
        }
        int size = router.get(target() + "&intent=read&consistency=bounded&maxLagMs=86400000")
                .getBytes(UTF_8)
                .length;
        try (ServerProcess bare = bare(folder, size)) {
            compare(
                    router,
                    bare,
                    Wrk.guarantees(folder, token),
                    results,
                    "lookup.http.consistency.ratio",
                    "random bigint keys, by turns consistency=bounded and consistency=causal with a token of "
                            + TOKEN_SHARDS + " shards");
        }
    }

    /** @param how which lookups, for the figure's text */
    private static double compare(
            ServerProcess router, ServerProcess bare, Wrk wrk, Path results, String figure, String how)
            throws IOException, InterruptedException {
        wrk.rate(bare.url("/"), WARM_UP_SECONDS);
        wrk.rate(router.url("/"), WARM_UP_SECONDS);
        List<Double> ratios = new ArrayList<>();
        List<Double> peaks = new ArrayList<>();
        for (int round = 0; round < ROUNDS; round++) {
            double constant = wrk.rate(bare.url("/"), ROUND_SECONDS);
            double lookups = wrk.rate(router.url("/"), ROUND_SECONDS);
            ratios.add(lookups / constant);
            peaks.add(lookups);
            System.out.printf(Locale.ROOT, "bare %.0f/s, router %.0f/s%n", constant, lookups);
        }
        Collections.sort(ratios);
        Collections.sort(peaks);
        double peak = peaks.get(ROUNDS / 2);
        new Figure(
                        figure,
                        rounded(ratios.get(ROUNDS / 2)),
                        "ratio",
                        String.format(
                                Locale.ROOT,
                                "wrk -t1 -c%d, %s, %d shards; median of %d alternating rounds of %d s beside a"
                                        + " Vert.x handler with a constant body of the same size, from %.2f to %.2f; router"
                                        + " %.0f/s",
                                Wrk.CONNECTIONS,
                                how,
                                SHARDS,
                                ROUNDS,
                                ROUND_SECONDS,
                                ratios.getFirst(),
                                ratios.getLast(),
                                peak))
                .appendTo(results);
        return peak;
    }

    /** Beside the bare handler at the same rate, since on a machine with other work both wait for the processor. */
    private static void latency(ServerProcess router, ServerProcess bare, double rate, Path results)
            throws IOException {
        List<Histogram> lookups = new ArrayList<>();
        List<Histogram> constants = new ArrayList<>();
        double sent = 0;
        for (int round = 0; round < LATENCY_ROUNDS; round++) {
            constants.add(load(bare, rate).latencies());
            PacedLoad.Result result = load(router, rate);
            lookups.add(result.latencies());
            sent += result.rate() / LATENCY_ROUNDS;
        }
        new Figure(
                        "lookup.http.p99.ms",
                        rounded(medianMillis(lookups, 99)),
                        "ms",
                        String.format(
                                Locale.ROOT,
                                "%.0f lookups a second (half of the peak: %.0f) over %d connections, each measured from when it"
                                        + " was due; median of %d rounds of 5 s; p50 %.3f ms, p99.9 %.3f ms; the bare handler"
                                        + " by turns: p50 %.3f ms, p99 %.3f ms",
                                sent,
                                rate,
                                Wrk.CONNECTIONS,
                                LATENCY_ROUNDS,
                                medianMillis(lookups, 50),
                                medianMillis(lookups, 99.9),
                                medianMillis(constants, 50),
                                medianMillis(constants, 99)))
                .appendTo(results);
    }

    private static PacedLoad.Result load(ServerProcess server, double rate) throws IOException {
        return PacedLoad.run(
                server.port(), Wrk.CONNECTIONS, rate, TimeUnit.SECONDS.toNanos(1), TimeUnit.SECONDS.toNanos(5));
    }

    private static double medianMillis(List<Histogram> rounds, double percentile) {
        return rounds.stream()
                        .mapToLong(round -> round.getValueAtPercentile(percentile))
                        .sorted()
                        .toArray()[rounds.size() / 2]
                / 1e6;
    }

    static ServerProcess router(Path folder, FakeOperator operator) throws IOException {
        int port = ServerProcess.freePort();
        return ServerProcess.start(
                port,
                "/readyz",
                folder.resolve("router.log"),
                List.of(dist().resolve("bin/pgmosaic-router").toString()),
                Map.of(
                        "PGMOSAIC_NAMESPACE", Topologies.NAMESPACE,
                        "PGMOSAIC_CLUSTER", Topologies.CLUSTER,
                        "PGMOSAIC_TOPOLOGY_URLS", operator.url().toString(),
                        "PGMOSAIC_ROUTER_SECRET_DIR", folder.resolve("secret").toString(),
                        "PGMOSAIC_STATE_DIR", folder.resolve("state").toString(),
                        "PGMOSAIC_HTTP_PORT", Integer.toString(port),
                        "JAVA_HOME", System.getProperty("java.home")));
    }

    /** With the JVM's options as the router's launcher sets them and as many event loops. */
    private static ServerProcess bare(Path folder, int size) throws IOException {
        int port = ServerProcess.freePort();
        int eventLoops = Math.clamp(Runtime.getRuntime().availableProcessors(), 1, 4);
        return ServerProcess.start(
                port,
                "/",
                folder.resolve("bare.log"),
                List.of(
                        Path.of(System.getProperty("java.home"), "bin/java").toString(),
                        "-Xms16m",
                        "-Xmx64m",
                        "-XX:+UseSerialGC",
                        "-Dio.netty.noUnsafe=true",
                        "-cp",
                        dist().resolve("lib") + "/*:" + testClasses(),
                        BareServer.class.getName(),
                        Integer.toString(port),
                        Integer.toString(size),
                        Integer.toString(eventLoops)),
                Map.of());
    }

    private static Path testClasses() {
        try {
            return Path.of(LookupBench.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Path dist() {
        Path dist = testClasses().resolveSibling("dist");
        if (Files.notExists(dist.resolve("bin/pgmosaic-router"))) {
            throw new IllegalStateException("no program in " + dist + "; run the package phase of router-sidecar");
        }
        return dist;
    }

    private static MapRecipe map() {
        List<String> shards = IntStream.range(0, SHARDS).mapToObj(i -> "s" + i).toList();
        return new MapRecipe(1, null, List.of(PlacementRecipe.evenHashRanges(shards)), List.of());
    }

    private static ShardTopology[] shards() {
        ShardTopology[] shards = new ShardTopology[SHARDS];
        for (int i = 0; i < SHARDS; i++) {
            shards[i] = replicated(Topologies.healthy("s" + i, 1));
        }
        return shards;
    }

    /** With positions, which an operator tells. */
    private static ShardTopology replicated(ShardTopology shard) {
        LogPosition position = new LogPosition(1, new Lsn(0x1000));
        return new ShardTopology(
                shard.shard(),
                shard.term(),
                shard.primary(),
                shard.replicas().stream()
                        .map(replica -> new Replica(replica.server(), replica.lagMillis(), position, 0L))
                        .toList(),
                null,
                position);
    }

    private static String target() {
        return "/v1/route?table=orders&key=42";
    }

    private static double rounded(double value) {
        return Math.round(value * 1_000) / 1_000.0;
    }
}
