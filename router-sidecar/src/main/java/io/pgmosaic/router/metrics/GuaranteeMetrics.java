package io.pgmosaic.router.metrics;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import io.pgmosaic.router.consistency.Consistency;

import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/** How reads with a guarantee ended: what share of them replicas take is what guarantees cost. */
public final class GuaranteeMetrics {
    private final Map<Consistency, Map<Server, LongAdder>> counts = new EnumMap<>(Consistency.class);

    /** Which server a read was sent to. */
    public enum Server {
        REPLICA,
        PRIMARY,
        NONE
    }

    public GuaranteeMetrics(MeterRegistry registry) {
        for (Consistency consistency : Consistency.values()) {
            Map<Server, LongAdder> servers = new EnumMap<>(Server.class);
            counts.put(consistency, servers);
            for (Server server : Server.values()) {
                LongAdder count = new LongAdder();
                servers.put(server, count);
                FunctionCounter.builder("pgmosaic.router.guaranteed.reads", count, LongAdder::sum)
                        .description("Reads with a guarantee, by the server that they were sent to")
                        .tags(
                                "consistency",
                                consistency.text(),
                                "server",
                                server.name().toLowerCase(Locale.ROOT))
                        .register(registry);
            }
        }
    }

    public void count(Consistency consistency, Server server) {
        Map<Server, LongAdder> servers = counts.get(consistency);
        if (servers != null && servers.get(server) != null) {
            servers.get(server).increment();
        }
    }
}
