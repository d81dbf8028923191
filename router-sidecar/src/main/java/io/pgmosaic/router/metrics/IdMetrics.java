package io.pgmosaic.router.metrics;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;

/** Which ids were given, and why none were. */
public final class IdMetrics {
    private final Map<String, LongAdder> given = new ConcurrentHashMap<>();
    private final Map<String, LongAdder> refused = new ConcurrentHashMap<>();

    /** @param reasons why there may be no snowflakes */
    public IdMetrics(MeterRegistry registry, List<String> kinds, List<String> reasons) {
        for (String kind : kinds) {
            FunctionCounter.builder("pgmosaic.router.ids", counter(given, kind), LongAdder::sum)
                    .description("Ids given, by kind")
                    .tag("kind", kind)
                    .register(registry);
        }
        for (String reason : reasons) {
            FunctionCounter.builder("pgmosaic.router.snowflake.refusals", counter(refused, reason), LongAdder::sum)
                    .description("Requests for snowflakes that were told that there are none now, by reason")
                    .tag("reason", reason)
                    .register(registry);
        }
    }

    /**
     * @param machineId the number in use; NaN while there is none
     * @param leftSeconds how long it may be used
     */
    public void watch(MeterRegistry registry, Supplier<Number> machineId, Supplier<Number> leftSeconds) {
        Gauge.builder("pgmosaic.router.machine.id", machineId)
                .description("Machine number of this router's snowflakes; NaN while it has none")
                .register(registry);
        Gauge.builder("pgmosaic.router.machine.lease", leftSeconds)
                .description("How long the machine number may be used")
                .baseUnit("seconds")
                .register(registry);
    }

    public void given(String kind, int count) {
        counter(given, kind).add(count);
    }

    public void refused(String reason) {
        counter(refused, reason).increment();
    }

    private static LongAdder counter(Map<String, LongAdder> counters, String key) {
        return counters.computeIfAbsent(key, unused -> new LongAdder());
    }
}
