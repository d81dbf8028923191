package io.pgmosaic.router.metrics;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.pgmosaic.router.limits.KeyLimits;
import io.pgmosaic.router.load.LoadShedder;

import java.util.function.LongSupplier;

/** What was refused because there was too much of it. */
public final class OverloadMetrics {
    private final MeterRegistry registry;
    private final LongSupplier nanos;

    /** @param nanos as {@link System#nanoTime} */
    public OverloadMetrics(MeterRegistry registry, KeyLimits limits, LongSupplier nanos) {
        this.registry = registry;
        this.nanos = nanos;
        FunctionCounter.builder("pgmosaic.router.rate.limited", limits, KeyLimits::refused)
                .description("Lookups of keys that were looked up too often")
                .register(registry);
        Gauge.builder("pgmosaic.router.limited.keys", limits, KeyLimits::size)
                .description("Keys that are counted against a rate limit")
                .register(registry);
    }

    /** Has the series of a shard made. */
    public void watch(String shard, LoadShedder shedder) {
        FunctionCounter.builder("pgmosaic.router.shed", shedder, gates -> gates.refused(shard))
                .description("Lookups refused because the shard has too much to do")
                .tag("shard_id", shard)
                .register(registry);
        Gauge.builder("pgmosaic.router.shed.share", shedder, gates -> gates.share(shard, nanos.getAsLong()))
                .description("Share of the shard's lookups that is to be refused now")
                .tag("shard_id", shard)
                .register(registry);
    }
}
