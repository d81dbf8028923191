package io.pgmosaic.router.directory;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;

/**
 * Lookups in tables with a directory.
 *
 * <pre>
 * pgmosaic_router_directory_lookups_total{outcome="hit|miss|stale"}   from memory; asked for; from memory, too old, nobody answers
 * pgmosaic_router_directory_loads_total{outcome="found|none|changing|failed"}   keys that shards were asked for
 * pgmosaic_router_directory_load_seconds                              how long shards took
 * pgmosaic_router_directory_entries                                   keys that are remembered
 * </pre>
 */
final class DirectoryMetrics {
    private final LongAdder hits = new LongAdder();
    private final Counter misses;
    private final Counter stale;
    private final Counter found;
    private final Counter none;
    private final Counter changing;
    private final Counter failed;
    private final Timer loads;

    DirectoryMetrics(MeterRegistry registry, Supplier<Number> entries) {
        io.micrometer.core.instrument.FunctionCounter.builder(
                        "pgmosaic.router.directory.lookups", hits, LongAdder::doubleValue)
                .description("Lookups in tables with a directory, by where the answer came from")
                .tag("outcome", "hit")
                .register(registry);
        misses = lookups(registry, "miss");
        stale = lookups(registry, "stale");
        found = loaded(registry, "found");
        none = loaded(registry, "none");
        changing = loaded(registry, "changing");
        failed = loaded(registry, "failed");
        loads = Timer.builder("pgmosaic.router.directory.load")
                .description("How long shards took to say where keys are")
                .register(registry);
        Gauge.builder("pgmosaic.router.directory.entries", entries)
                .description("Keys of directories that are remembered")
                .register(registry);
    }

    private static Counter lookups(MeterRegistry registry, String outcome) {
        return Counter.builder("pgmosaic.router.directory.lookups")
                .description("Lookups in tables with a directory, by where the answer came from")
                .tag("outcome", outcome)
                .register(registry);
    }

    private static Counter loaded(MeterRegistry registry, String outcome) {
        return Counter.builder("pgmosaic.router.directory.loads")
                .description("Keys that shards were asked for, by what they said")
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

    void loaded(Entry entry) {
        (entry.changing() ? changing : entry.shard() == null ? none : found).increment();
    }

    void failed(int keys) {
        failed.increment(keys);
    }

    void took(long nanos) {
        loads.record(nanos, TimeUnit.NANOSECONDS);
    }
}
