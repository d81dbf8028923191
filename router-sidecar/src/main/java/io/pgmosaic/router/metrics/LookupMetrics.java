package io.pgmosaic.router.metrics;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.pgmosaic.router.lookup.Intent;
import io.pgmosaic.router.lookup.LookupCounters;
import io.pgmosaic.router.lookup.Outcome;
import io.pgmosaic.router.lookup.ShardCounters;
import io.pgmosaic.router.lookup.TableCounters;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;

/**
 * What lookups leave behind. A lookup adds to counters that its table and shard hold already; only a new name of the
 * topology is registered, never one of a request, so that a client cannot make series.
 */
public final class LookupMetrics implements LookupCounters {
    private final MeterRegistry registry;
    private final Map<String, TableCounters> tables = new ConcurrentHashMap<>();
    private final Map<String, ShardCounters> shards = new ConcurrentHashMap<>();
    private final Timer duration;

    public LookupMetrics(MeterRegistry registry) {
        this.registry = registry;
        this.duration = Timer.builder("pgmosaic.router.lookup.duration")
                .description("From a lookup's last header byte to its answer, without the network")
                .serviceLevelObjectives(
                        Duration.ofNanos(2_500),
                        Duration.ofNanos(5_000),
                        Duration.ofNanos(10_000),
                        Duration.ofNanos(25_000),
                        Duration.ofNanos(50_000),
                        Duration.ofNanos(100_000),
                        Duration.ofNanos(500_000),
                        Duration.ofMillis(1),
                        Duration.ofMillis(5),
                        Duration.ofMillis(25))
                .register(registry);
    }

    /** Counters of a table of the topology. */
    @Override
    public TableCounters table(String name) {
        return tables.computeIfAbsent(name, this::registerTable);
    }

    /** Counts requests for a table that is not in the topology. */
    public TableCounters unknownTable() {
        return table("unknown");
    }

    @Override
    public ShardCounters shard(String name) {
        return shards.computeIfAbsent(name, this::registerShard);
    }

    public void took(long nanos) {
        duration.record(nanos, TimeUnit.NANOSECONDS);
    }

    private TableCounters registerTable(String name) {
        TableCounters counters = new TableCounters();
        for (Intent intent : Intent.values()) {
            for (Outcome outcome : Outcome.values()) {
                FunctionCounter.builder("pgmosaic.router.lookups", counters.of(intent, outcome), LongAdder::sum)
                        .description("Lookups by table, intent and outcome")
                        .tags("table", name, "intent", intent.text(), "outcome", outcome.text())
                        .register(registry);
            }
        }
        return counters;
    }

    private ShardCounters registerShard(String name) {
        ShardCounters counters = new ShardCounters();
        for (Intent intent : Intent.values()) {
            FunctionCounter.builder("shard.requests", counters, found -> found.all(intent))
                    .description("Requests that were told to use this shard")
                    .tags("shard_id", name, "operation", intent.text())
                    .register(registry);
            FunctionCounter.builder("pgmosaic.router.zone.requests", counters, found -> found.near(intent))
                    .description("Requests that were told to use a server of this shard in the router's own zone")
                    .tags("shard_id", name, "operation", intent.text())
                    .register(registry);
        }
        return counters;
    }
}
