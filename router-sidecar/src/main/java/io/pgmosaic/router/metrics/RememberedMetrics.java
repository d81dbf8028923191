package io.pgmosaic.router.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;

/**
 * Lookups of what shards are asked for and the router remembers.
 *
 * <pre>
 * pgmosaic_router_WHAT_lookups_total{outcome="hit|miss|stale"}   from memory; asked for; from memory, too old, nobody answers
 * pgmosaic_router_WHAT_loads_total{outcome}                      what shards said, and "failed"
 * pgmosaic_router_WHAT_load_seconds                              how long shards took
 * pgmosaic_router_WHAT_THINGS                                    how many are remembered
 * </pre>
 */
public final class RememberedMetrics {
    private static final String PREFIX = "pgmosaic.router.";

    private final LongAdder hits = new LongAdder();
    private final Counter misses;
    private final Counter stale;
    private final Counter failed;
    private final Map<String, Counter> loads = new ConcurrentHashMap<>();
    private final Timer took;

    /**
     * @param what is looked up, as names of metrics have it
     * @param things that are remembered, likewise
     * @param said all that a shard can say
     */
    public RememberedMetrics(
            MeterRegistry registry, String what, String things, Supplier<Number> remembered, String... said) {
        FunctionCounter.builder(PREFIX + what + ".lookups", hits, LongAdder::doubleValue)
                .description("Lookups, by where the answer came from")
                .tag("outcome", "hit")
                .register(registry);
        misses = lookups(registry, what, "miss");
        stale = lookups(registry, what, "stale");
        for (String outcome : said) {
            loads.put(outcome, loads(registry, what, outcome));
        }
        failed = loads(registry, what, "failed");
        took = Timer.builder(PREFIX + what + ".load")
                .description("How long shards took to answer")
                .register(registry);
        Gauge.builder(PREFIX + what + "." + things, remembered)
                .description("How many are remembered")
                .register(registry);
    }

    private static Counter lookups(MeterRegistry registry, String what, String outcome) {
        return Counter.builder(PREFIX + what + ".lookups")
                .description("Lookups, by where the answer came from")
                .tag("outcome", outcome)
                .register(registry);
    }

    private static Counter loads(MeterRegistry registry, String what, String outcome) {
        return Counter.builder(PREFIX + what + ".loads")
                .description("What shards were asked for, by what they said")
                .tag("outcome", outcome)
                .register(registry);
    }

    public void hit() {
        hits.increment();
    }

    public void miss() {
        misses.increment();
    }

    public void stale() {
        stale.increment();
    }

    /** @param said one of those that were given */
    public void loaded(String said) {
        Counter counter = loads.get(said);
        if (counter == null) {
            throw new IllegalArgumentException(said + " is not one of " + loads.keySet());
        }
        counter.increment();
    }

    public void failed(int asked) {
        failed.increment(asked);
    }

    public void took(long nanos) {
        took.record(nanos, TimeUnit.NANOSECONDS);
    }
}
