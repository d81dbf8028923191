package io.pgmosaic.router.metrics;

import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.pgmosaic.router.load.PoolState;
import io.pgmosaic.router.load.Pools;
import io.pgmosaic.router.load.StatementOutcome;
import io.pgmosaic.router.load.StatementResult;
import io.pgmosaic.router.lookup.Intent;

import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.ToIntFunction;
import java.util.stream.IntStream;

/** What clients report of shards, and how many shards queries span. Shards of the topology alone have series. */
public final class ShardMetrics {
    private static final Duration[] DURATIONS = IntStream.of(1, 5, 10, 25, 50, 100, 250, 500, 1_000)
            .mapToObj(Duration::ofMillis)
            .toArray(Duration[]::new);
    private static final double[] SHARD_COUNTS = {1, 2, 4, 8, 16, 32, 64};

    private final MeterRegistry registry;
    private final Pools pools;
    private final DistributionSummary scattered;
    private final LongAdder scatters;
    private final LongAdder batches;
    private final Map<String, Map<Intent, Operation>> shards = new ConcurrentHashMap<>();

    private record Operation(Timer duration, Map<StatementResult, LongAdder> results) {}

    public ShardMetrics(MeterRegistry registry, Pools pools) {
        this.registry = registry;
        this.pools = pools;
        this.scattered = DistributionSummary.builder("scatter.gather.shards.count")
                .description("Shards of a query that is sent to several and merged")
                .serviceLevelObjectives(SHARD_COUNTS)
                .register(registry);
        this.scatters = crossShard("scatter_gather");
        this.batches = crossShard("batch");
    }

    /** A lookup of all shards, or a client's query of several. */
    public void scattered(int shards) {
        scatters.increment();
        scattered.record(shards);
    }

    /** A batch of keys that live on several shards. */
    public void batchSpanned() {
        batches.increment();
    }

    /** @param outcome of a shard that the topology has */
    public void report(StatementOutcome outcome) {
        Map<Intent, Operation> operations = shards.computeIfAbsent(outcome.shard(), this::register);
        Operation operation = operations.get(outcome.intent());
        if (operation != null) {
            boolean sent = outcome.result() != StatementResult.REFUSED;
            for (int i = 0; i < outcome.count() && sent; i++) {
                operation.duration().record(outcome.nanos(), TimeUnit.NANOSECONDS);
            }
            operation.results().computeIfPresent(outcome.result(), (result, count) -> {
                count.add(outcome.count());
                return count;
            });
        }
    }

    /** Has the shard's series made, also those of pools. */
    public void watch(String shard) {
        shards.computeIfAbsent(shard, this::register);
    }

    private Map<Intent, Operation> register(String shard) {
        pool(shard, "active", PoolState::active);
        pool(shard, "idle", PoolState::idle);
        pool(shard, "waiting", PoolState::waiting);
        Map<Intent, Operation> operations = new EnumMap<>(Intent.class);
        for (Intent intent : Intent.values()) {
            operations.put(intent, new Operation(duration(shard, intent), results(shard, intent)));
        }
        return operations;
    }

    private Timer duration(String shard, Intent intent) {
        return Timer.builder("shard.request.duration")
                .description("How long statements took on this shard, as clients report it")
                .tags("shard_id", shard, "operation", intent.text())
                .serviceLevelObjectives(DURATIONS)
                .register(registry);
    }

    private Map<StatementResult, LongAdder> results(String shard, Intent intent) {
        Map<StatementResult, LongAdder> results = new EnumMap<>(StatementResult.class);
        for (StatementResult result : StatementResult.values()) {
            LongAdder count = new LongAdder();
            results.put(result, count);
            FunctionCounter.builder("pgmosaic.router.shard.outcomes", count, LongAdder::sum)
                    .description(
                            "Statements that clients reported, by how they ended, and those that they did not send")
                    .tags("shard_id", shard, "operation", intent.text(), "outcome", result.text())
                    .register(registry);
        }
        return results;
    }

    private void pool(String shard, String state, ToIntFunction<PoolState> number) {
        Gauge.builder("shard.connection.pool.size", pools, all -> number.applyAsInt(all.of(shard)))
                .description("Connections of clients' pools to this shard, as they report them")
                .tags("shard_id", shard, "pool_state", state)
                .register(registry);
    }

    private LongAdder crossShard(String type) {
        LongAdder count = new LongAdder();
        FunctionCounter.builder("cross.shard.queries", count, LongAdder::sum)
                .description("Queries that span several shards")
                .tag("query_type", type)
                .register(registry);
        return count;
    }
}
