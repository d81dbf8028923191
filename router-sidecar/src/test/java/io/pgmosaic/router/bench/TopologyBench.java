package io.pgmosaic.router.bench;

import io.pgmosaic.testing.Figure;
import io.vertx.core.Vertx;
import org.HdrHistogram.Histogram;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Writer;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

import static org.awaitility.Awaitility.await;

/**
 * {@code topology.1000.p99.ms}: from the moment at which an operator has the news of a shard's new primary to the moment at which a
 * sidecar answers with it, of 1,000 sidecars and many failovers; target at most 500. Every sidecar is the router's own
 * stream, receiver, file and routing table with a TLS connection of its own; all are in this process, the operator's endpoint
 * in another one.
 *
 * <p>Argument: the file that the figure is appended to. {@code BENCH_BESIDE_CLASSPATH} is the operator's.
 */
public final class TopologyBench {
    private static final int SIDECARS = 1_000;
    private static final int SHARDS = 8;
    private static final int WARM_UP = 30;
    private static final int ROUNDS = 100;
    private static final Duration PAUSE = Duration.ofMillis(300);

    private TopologyBench() {}

    public static void main(String[] args) throws IOException, InterruptedException {
        Path secret = Files.createTempDirectory("topology-bench");
        Process operator = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx512m",
                        "-cp",
                        Objects.requireNonNull(System.getenv("BENCH_BESIDE_CLASSPATH"), "the operator's classpath"),
                        "io.pgmosaic.operator.bench.TopologyOperator",
                        secret.toString(),
                        Integer.toString(SHARDS))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        Vertx vertx = Vertx.vertx();
        List<SimulatedSidecar> sidecars = new ArrayList<>();
        try (BufferedReader told = new BufferedReader(
                        new InputStreamReader(operator.getInputStream(), StandardCharsets.US_ASCII));
                Writer orders = operator.outputWriter(StandardCharsets.US_ASCII)) {
            URI url = URI.create("https://127.0.0.1:" + told.readLine());
            Path states = Files.createTempDirectory(memory(), "topology-bench");
            for (int i = 0; i < SIDECARS; i++) {
                SimulatedSidecar sidecar = SimulatedSidecar.start(vertx, url, secret, states.resolve("s" + i));
                sidecars.add(sidecar);
                if (i % 20 == 19) {
                    await().atMost(Duration.ofMinutes(1)).until(() -> sidecar.reachedAt(1) != 0);
                }
            }
            awaitAll(sidecars, 1);
            Histogram times = new Histogram(TimeUnit.MINUTES.toMicros(2), 3);
            List<String> slowest = new ArrayList<>();
            for (int round = 0; round < WARM_UP + ROUNDS; round++) {
                orders.write("\n");
                orders.flush();
                String[] news = told.readLine().split(" ", -1);
                long term = Long.parseLong(news[0]);
                long began = Long.parseLong(news[1]);
                awaitAll(sidecars, term);
                if (round >= WARM_UP) {
                    long last = 0;
                    for (SimulatedSidecar sidecar : sidecars) {
                        long micros = TimeUnit.NANOSECONDS.toMicros(sidecar.reachedAt(term) - began);
                        times.recordValue(micros);
                        last = Math.max(last, micros);
                    }
                    slowest.add(String.format(Locale.ROOT, "%.0f", last / 1_000.0));
                }
                // The load that is simulated, and no wait for anything: changes come some time apart.
                Thread.sleep(PAUSE);
            }
            new Figure(
                            "topology.1000.p99.ms",
                            times.getValueAtPercentile(99) / 1_000.0,
                            "ms",
                            String.format(
                                    Locale.ROOT,
                                    "%d sidecars in one process, each with a TLS stream, a routing table of %d shards and a"
                                            + " file in memory; %d failovers of one shard; until the new primary is answered;"
                                            + " median %.1f, max %.1f; the slowest sidecar of each failover: %s",
                                    SIDECARS,
                                    SHARDS,
                                    ROUNDS,
                                    times.getValueAtPercentile(50) / 1_000.0,
                                    times.getMaxValue() / 1_000.0,
                                    String.join(", ", slowest)))
                    .appendTo(Path.of(args[0]));
        } finally {
            operator.destroyForcibly().waitFor();
            vertx.close().await();
        }
        System.exit(0);
    }

    private static void awaitAll(List<SimulatedSidecar> sidecars, long term) {
        await().atMost(Duration.ofMinutes(1))
                .pollInterval(Duration.ofMillis(20))
                .until(() -> sidecars.stream().allMatch(sidecar -> sidecar.reachedAt(term) != 0));
    }

    /** A thousand sidecars have a thousand disks; here one would be asked to write a thousand times at once. */
    private static Path memory() {
        Path shared = Path.of("/dev/shm");
        return Files.isWritable(shared) ? shared : Path.of(System.getProperty("java.io.tmpdir"));
    }
}
