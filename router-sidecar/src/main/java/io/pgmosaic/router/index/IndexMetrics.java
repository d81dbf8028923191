package io.pgmosaic.router.index;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;

import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Lookups by value.
 *
 * <pre>
 * pgmosaic_router_index_lookups_total{outcome="hit|miss|stale"}      from memory; asked for; from memory, too old, nobody answers
 * pgmosaic_router_index_loads_total{outcome="found|none|failed"}     values that shards were asked for
 * pgmosaic_router_index_load_seconds                                 how long shards took
 * pgmosaic_router_index_values                                       values that are remembered
 * </pre>
 */
final class IndexMetrics {
    private final Counter hits;
    private final Counter misses;
    private final Counter stale;
    private final Counter found;
    private final Counter none;
    private final Counter failed;
    private final Timer loads;

    IndexMetrics(MeterRegistry registry, Supplier<Number> values) {
        hits = lookups(registry, "hit");
        misses = lookups(registry, "miss");
        stale = lookups(registry, "stale");
        found = loads(registry, "found");
        none = loads(registry, "none");
        failed = loads(registry, "failed");
        loads = Timer.builder("pgmosaic.router.index.load")
                .description("How long shards took to say which key has a value")
                .register(registry);
        Gauge.builder("pgmosaic.router.index.values", values)
                .description("Values of lookup indexes that are remembered")
                .register(registry);
    }

    private static Counter lookups(MeterRegistry registry, String outcome) {
        return Counter.builder("pgmosaic.router.index.lookups")
                .description("Lookups by value, by where the answer came from")
                .tag("outcome", outcome)
                .register(registry);
    }

    private static Counter loads(MeterRegistry registry, String outcome) {
        return Counter.builder("pgmosaic.router.index.loads")
                .description("Values that shards were asked for, by what they said")
                .tag("outcome", outcome)
                .register(registry);
    }

    void hit() {
        hits.increment();
    }

    void miss() {
        misses.increment();
    }

    void stale() {
        stale.increment();
    }

    void found() {
        found.increment();
    }

    void none() {
        none.increment();
    }

    void failed() {
        failed.increment();
    }

    void took(long nanos) {
        loads.record(nanos, TimeUnit.NANOSECONDS);
    }
}
