package io.pgmosaic.router.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import io.pgmosaic.protocol.topology.ClusterTopology;

import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** How well the router is informed, and what it was told. */
public final class TopologyMetrics {
    private final MeterRegistry registry;
    private final AtomicLong mapVersion = new AtomicLong();
    private final MultiGauge terms;
    private final MultiGauge lags;
    private final Counter rejected;
    private final Counter connected;
    private final Counter disconnected;

    public TopologyMetrics(MeterRegistry registry) {
        this.registry = registry;
        Gauge.builder("pgmosaic.router.map.version", mapVersion, AtomicLong::get)
                .description("Version of the shard map in use; 0 while there is none")
                .register(registry);
        terms = MultiGauge.builder("pgmosaic.router.shard.term")
                .description("Term of the shard that lookups are answered with")
                .register(registry);
        lags = MultiGauge.builder("shard.replication.lag")
                .description("How far a replica's data is behind its primary's, as the operator told; NaN when unknown")
                .baseUnit("seconds")
                .register(registry);
        rejected = Counter.builder("pgmosaic.router.topology.rejected")
                .description("Lines of the topology stream that could not be used")
                .register(registry);
        beginnings("full");
        beginnings("resumed");
        connected = stream("connected");
        disconnected = stream("disconnected");
        stateFileErrors("read");
        stateFileErrors("write");
    }

    /**
     * @param connected 1 while a stream is open
     * @param ageSeconds since an operator last said that the topology is current; NaN while there is none
     */
    public void watch(Supplier<Number> connected, Supplier<Number> ageSeconds) {
        Gauge.builder("pgmosaic.router.topology.connected", connected)
                .description("1 while the topology stream of an operator is open")
                .register(registry);
        Gauge.builder("pgmosaic.router.topology.age", ageSeconds)
                .description("Time since an operator last said that the topology in use is current")
                .baseUnit("seconds")
                .register(registry);
    }

    public void topology(ClusterTopology topology) {
        mapVersion.set(topology.map().version());
        terms.register(
                topology.shards().stream()
                        .map(shard -> MultiGauge.Row.of(Tags.of("shard_id", shard.shard()), shard.term()))
                        .toList(),
                true);
        Stream<MultiGauge.Row<?>> rows = topology.shards().stream().flatMap(shard -> shard.replicas().stream()
                .map(replica -> MultiGauge.Row.of(
                        Tags.of(
                                "shard_id",
                                shard.shard(),
                                "replica_id",
                                replica.server().instance()),
                        replica.lagMillis() == null ? Double.NaN : replica.lagMillis() / 1_000.0)));
        lags.register(rows.toList(), true);
    }

    public void rejected() {
        rejected.increment();
    }

    public void connected() {
        connected.increment();
    }

    public void disconnected() {
        disconnected.increment();
    }

    /** @param how {@code full} for a whole topology, {@code resumed} for what changed since the last stream */
    public void begun(String how) {
        beginnings(how).increment();
    }

    /** @param operation {@code read} or {@code write} */
    public void stateFileFailed(String operation) {
        stateFileErrors(operation).increment();
    }

    private Counter beginnings(String how) {
        return Counter.builder("pgmosaic.router.topology.states")
                .description("Whole topologies received, and streams that went on where another had ended")
                .tag("kind", how)
                .register(registry);
    }

    private Counter stream(String event) {
        return Counter.builder("pgmosaic.router.topology.streams")
                .description("Topology streams opened, and attempts and streams ended")
                .tag("event", event)
                .register(registry);
    }

    private Counter stateFileErrors(String operation) {
        return Counter.builder("pgmosaic.router.state.file.errors")
                .description("Times that the topology on disk could not be used or written")
                .tag("operation", operation)
                .register(registry);
    }
}
