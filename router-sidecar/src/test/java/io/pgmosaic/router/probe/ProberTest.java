package io.pgmosaic.router.probe;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.pgmosaic.protocol.Json;
import io.pgmosaic.protocol.topology.ShardTopology;
import io.pgmosaic.protocol.topology.TopologyEvent;
import io.pgmosaic.router.harness.Topologies;
import io.pgmosaic.router.log.JsonLog;
import io.pgmosaic.router.lookup.TableFactory;
import io.pgmosaic.router.metrics.LookupMetrics;
import io.pgmosaic.router.metrics.ProbeMetrics;
import io.pgmosaic.router.metrics.TopologyMetrics;
import io.pgmosaic.router.topology.TopologyCheck;
import io.pgmosaic.router.topology.TopologyFile;
import io.pgmosaic.router.topology.TopologyReceiver;
import io.pgmosaic.router.topology.TopologyStore;
import io.pgmosaic.router.topology.TopologyView;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;

import static io.pgmosaic.router.harness.Topologies.map;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;

class ProberTest {
    private static final int SHARDS = 13;
    private static final Duration AT_ONCE = Duration.ofMillis(1);

    /** Every shard is due whenever it looks, and there are more of them than it asks at once. */
    private static final Round.Timing ALWAYS =
            new Round.Timing(Duration.ZERO, Duration.ZERO, Duration.ZERO, AT_ONCE, AT_ONCE, AT_ONCE, AT_ONCE, AT_ONCE);

    @TempDir
    private Path folder;

    @Test
    void asksEveryShardInTurnHoweverManyAreDue() {
        Set<String> asked = ConcurrentHashMap.newKeySet();
        ServerProbe probe = (cluster, shard, server) -> {
            asked.add(shard);
            return Future.succeededFuture(new ServerAnswer.Unclear());
        };
        SimpleMeterRegistry registry = new SimpleMeterRegistry();
        TopologyMetrics metrics = new TopologyMetrics(registry);
        Clock clock = Clock.systemUTC();
        JsonLog silent = new JsonLog(new PrintStream(OutputStream.nullOutputStream(), false, UTF_8), clock, Map.of());
        TopologyView view = new TopologyView(clock);
        TopologyReceiver receiver = new TopologyReceiver(
                new TopologyCheck(Topologies.NAMESPACE, Topologies.CLUSTER),
                new TopologyStore(new TopologyFile(folder), metrics, silent),
                view,
                new TableFactory(new LookupMetrics(registry), 1),
                metrics,
                silent,
                clock);
        receiver.start();
        receiver.line(Json.write(new TopologyEvent.Snapshot(Topologies.of(map(1), shards()))));
        Vertx vertx = Vertx.vertx();
        Prober prober = new Prober(vertx, view, receiver, probe, new ProbeMetrics(registry), new Random(5), ALWAYS);
        try {
            prober.start();
            await().until(() -> asked.size() == SHARDS);
        } finally {
            prober.stop();
            vertx.close().await();
            receiver.stop();
        }
    }

    private static ShardTopology[] shards() {
        return IntStream.range(0, SHARDS)
                .mapToObj(shard -> Topologies.healthy("s" + shard, 1))
                .toArray(ShardTopology[]::new);
    }
}
