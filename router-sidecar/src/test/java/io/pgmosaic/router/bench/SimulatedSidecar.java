package io.pgmosaic.router.bench;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.pgmosaic.protocol.topology.ShardTopology;
import io.pgmosaic.router.log.JsonLog;
import io.pgmosaic.router.lookup.RoutingTable;
import io.pgmosaic.router.lookup.TableFactory;
import io.pgmosaic.router.metrics.LookupMetrics;
import io.pgmosaic.router.metrics.TopologyMetrics;
import io.pgmosaic.router.topology.StreamSettings;
import io.pgmosaic.router.topology.TopologyCheck;
import io.pgmosaic.router.topology.TopologyFile;
import io.pgmosaic.router.topology.TopologyReceiver;
import io.pgmosaic.router.topology.TopologyStore;
import io.pgmosaic.router.topology.TopologyStream;
import io.pgmosaic.router.topology.TopologyView;
import io.vertx.core.Vertx;

import java.io.OutputStream;
import java.io.PrintStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/** All of a router but its HTTP interface. It notes when the newest term of shard s0 has a primary that it would answer with. */
final class SimulatedSidecar {
    private static final JsonLog SILENT = new JsonLog(
            new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8),
            Clock.systemUTC(),
            Map.of());

    private final TopologyView view = new TopologyView(Clock.systemUTC());
    private volatile Reached reached = new Reached(0, 0);

    /** @param at by {@link System#nanoTime} */
    private record Reached(long term, long at) {}

    private SimulatedSidecar() {}

    static SimulatedSidecar start(Vertx vertx, URI operator, Path secret, Path state) {
        SimulatedSidecar sidecar = new SimulatedSidecar();
        SimpleMeterRegistry registry = new SimpleMeterRegistry();
        TopologyMetrics metrics = new TopologyMetrics(registry);
        TopologyReceiver receiver = new TopologyReceiver(
                new TopologyCheck("shop", "orders"),
                new TopologyStore(new TopologyFile(state), metrics, SILENT),
                sidecar.view,
                new TableFactory(new LookupMetrics(registry), state.hashCode()),
                metrics,
                SILENT,
                Clock.systemUTC());
        sidecar.view.whenPublished(sidecar::note);
        receiver.start();
        new TopologyStream(
                        vertx,
                        new StreamSettings("shop", "orders", List.of(operator), secret, Duration.ofSeconds(10)),
                        receiver,
                        sidecar.view,
                        metrics,
                        SILENT,
                        new SplittableRandom(state.hashCode()))
                .start();
        return sidecar;
    }

    /** When it could answer with the primary of that term; 0 when it cannot yet. */
    long reachedAt(long term) {
        Reached last = reached;
        return last.term() == term ? last.at() : 0;
    }

    private void note() {
        RoutingTable table = view.table();
        if (table == null) {
            return;
        }
        ShardTopology shard = table.topology().shards().getFirst();
        if (shard.primary() != null && shard.term() != reached.term()) {
            reached = new Reached(shard.term(), System.nanoTime());
        }
    }
}
