package io.pgmosaic.router.http;

import io.pgmosaic.protocol.Json;
import io.pgmosaic.router.lookup.RoutingTable;
import io.pgmosaic.router.topology.TopologyView;
import io.vertx.core.buffer.Buffer;

import java.time.Duration;
import java.util.Locale;
import java.util.Optional;

/**
 * The body of {@code GET /readyz} while the router can answer.
 *
 * @param source {@code live}, or {@code disk} until an operator has sent a topology
 * @param connected whether an operator's stream is open now
 * @param ageMillis since an operator last said that the topology is current
 */
record Readiness(String status, String source, boolean connected, long ageMillis, long mapVersion) {
    static Buffer of(TopologyView view, RoutingTable table) {
        long age = Optional.ofNullable(view.age()).map(Duration::toMillis).orElse(0L);
        return Buffer.buffer(Json.write(new Readiness(
                "ready",
                view.source().name().toLowerCase(Locale.ROOT),
                view.connected(),
                age,
                table.topology().map().version())));
    }
}
