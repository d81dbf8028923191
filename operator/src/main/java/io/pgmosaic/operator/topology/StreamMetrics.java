package io.pgmosaic.operator.topology;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;

import java.util.Locale;
import java.util.function.Supplier;

/** What becomes of topology streams on this replica. */
final class StreamMetrics {
    private final MeterRegistry registry;
    private final Counter pictures;
    private final Counter resumes;

    /** Why a stream ended. */
    enum End {
        /** The receiver went. */
        LEFT,
        /** It did not take what was sent. */
        STALLED,
        /** It may not read the topology any more. */
        WITHDRAWN,
        /** The cluster is gone. */
        GONE,
        /** This replica stops. */
        STOPPING
    }

    /** Why there was no answer. */
    enum Refusal {
        /** As many are served as may be. */
        FULL,
        /** This replica stops. */
        STOPPING
    }

    /** @param subscribers how many streams are open */
    StreamMetrics(MeterRegistry registry, Supplier<Number> subscribers) {
        this.registry = registry;
        Gauge.builder("pgmosaic.operator.topology.subscribers", subscribers)
                .description("Topology streams that this replica serves now")
                .register(registry);
        pictures = Counter.builder("pgmosaic.operator.topology.full.states")
                .description("Whole topologies sent on streams")
                .register(registry);
        resumes = Counter.builder("pgmosaic.operator.topology.resumes")
                .description("Streams that went on where another had ended, without the whole topology")
                .register(registry);
        for (End end : End.values()) {
            ends(end);
        }
        for (Refusal refusal : Refusal.values()) {
            refusals(refusal);
        }
    }

    void picture() {
        pictures.increment();
    }

    void resumed() {
        resumes.increment();
    }

    void ended(End end) {
        ends(end).increment();
    }

    void refused(Refusal refusal) {
        refusals(refusal).increment();
    }

    private Counter ends(End end) {
        return Counter.builder("pgmosaic.operator.topology.streams.ended")
                .description("Topology streams that ended")
                .tag("reason", end.name().toLowerCase(Locale.ROOT))
                .register(registry);
    }

    private Counter refusals(Refusal refusal) {
        return Counter.builder("pgmosaic.operator.topology.refusals")
                .description("Requests to the topology endpoint that were sent to another replica")
                .tag("reason", refusal.name().toLowerCase(Locale.ROOT))
                .register(registry);
    }
}
