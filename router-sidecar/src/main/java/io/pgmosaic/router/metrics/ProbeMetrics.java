package io.pgmosaic.router.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;

import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** How often servers were asked themselves, and what came of it. */
public final class ProbeMetrics {
    private final MeterRegistry registry;
    private final AtomicInteger probing = new AtomicInteger();
    private final Counter found;

    public ProbeMetrics(MeterRegistry registry) {
        this.registry = registry;
        Gauge.builder("pgmosaic.router.probing", probing, AtomicInteger::get)
                .description("1 while no operator is heard and servers are asked instead")
                .register(registry);
        found = Counter.builder("pgmosaic.router.probe.findings")
                .description("Times that asking a shard's servers changed how the shard is answered")
                .register(registry);
        List.of("primary", "standby", "none", "unclear").forEach(this::answers);
    }

    public void probing(boolean now) {
        probing.set(now ? 1 : 0);
    }

    /** @param answer {@code primary}, {@code standby}, {@code none} or {@code unclear} */
    public void answered(String answer) {
        answers(answer).increment();
    }

    public void found() {
        found.increment();
    }

    private Counter answers(String answer) {
        return Counter.builder("pgmosaic.router.probes")
                .description("Servers that were asked, by what they are")
                .tag("answer", answer)
                .register(registry);
    }
}
