package io.pgmosaic.operator.topology;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import javax.net.ssl.SSLSocket;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** Receivers that are too many, too slow, or of an operator that stops. Over real TLS. */
@Timeout(60)
class StreamLimitsTest {
    private final ServedTopology served;

    StreamLimitsTest() throws GeneralSecurityException {
        served = new ServedTopology();
    }

    @AfterEach
    void end() {
        served.close();
    }

    @Test
    void sendsFurtherReceiversElsewhereAndTakesThemWhenThereIsRoom() throws IOException, InterruptedException {
        served.hub().publish(ServedTopology.ORDERS, HubTopologies.topology(1, 1));
        List<BufferedReader> open = new ArrayList<>();
        for (int i = 0; i < ServedTopology.MOST_STREAMS; i++) {
            open.add(served.stream());
        }
        HttpResponse<String> refused = served.send(served.streamRequest(""), HttpResponse.BodyHandlers.ofString());
        assertThat(refused.statusCode()).isEqualTo(503);
        assertThat(refused.headers().firstValueAsLong("Retry-After").orElseThrow())
                .isBetween(2L, 5L);
        assertThat(refused.body()).contains("another one may have room");
        assertThat(served.counted("pgmosaic.operator.topology.refusals", "reason", "full"))
                .isEqualTo(1);
        assertThat(served.send(
                                served.request(ServedTopology.PATH)
                                        .header("Authorization", "Bearer secret")
                                        .build(),
                                HttpResponse.BodyHandlers.ofString())
                        .statusCode())
                .as("a single picture")
                .isEqualTo(200);
        open.removeFirst().close();
        await().until(() -> {
            HttpResponse<InputStream> answer =
                    served.send(served.streamRequest(""), HttpResponse.BodyHandlers.ofInputStream());
            answer.body().close();
            return answer.statusCode() == 200;
        });
        for (BufferedReader lines : open) {
            lines.close();
        }
        await().until(() -> served.registry()
                        .get("pgmosaic.operator.topology.subscribers")
                        .gauge()
                        .value()
                == 0);
    }

    /** Nobody can set how many of those there are, so the refusal must not say so. */
    @Test
    void saysOfWhichItServesAsManyAsItMay() throws Exception {
        try (ServedTopology narrow = new ServedTopology(
                new StreamLimits(0, 0, Duration.ofSeconds(1), Duration.ofSeconds(2), Duration.ofMillis(500)))) {
            HttpResponse<String> stream = narrow.send(narrow.streamRequest(""), HttpResponse.BodyHandlers.ofString());
            assertThat(stream.statusCode()).isEqualTo(503);
            assertThat(stream.body()).contains("as many as it may (pgmosaic.topology.max-streams)");
            HttpResponse<String> single = narrow.send(
                    narrow.request(ServedTopology.PATH)
                            .header("Authorization", "Bearer secret")
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
            assertThat(single.statusCode()).isEqualTo(503);
            assertThat(single.headers().firstValue("Retry-After")).isPresent();
            assertThat(single.body()).contains("as many as it may;").doesNotContain("max-streams");
        }
    }

    /** It holds up nobody, costs no more than what fits on its way, and is ended; one that reads has all of it. */
    @Test
    void endsTheStreamOfWhoTakesNothing() throws Exception {
        served.hub().publish(ServedTopology.ORDERS, HubTopologies.topology(1, 1));
        try (SSLSocket silent = (SSLSocket) served.tls().getSocketFactory().createSocket()) {
            silent.setReceiveBufferSize(8 << 10);
            silent.connect(new InetSocketAddress("localhost", served.port()));
            silent.getOutputStream()
                    .write(("GET " + ServedTopology.PATH
                                    + "?since= HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer secret\r\n"
                                    + "Accept: application/x-ndjson\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            silent.getInputStream().read();
            try (BufferedReader lines = served.stream()) {
                assertThat(ServedTopology.type(lines)).isEqualTo("snapshot");
                String padding = "x".repeat(1 << 20);
                long changes = 0;
                while (served.counted("pgmosaic.operator.topology.streams.ended", "reason", "stalled") == 0) {
                    changes++;
                    served.hub().publish(ServedTopology.ORDERS, HubTopologies.database(padding + changes, List.of()));
                    String line = lines.readLine();
                    while (line.contains("\"heartbeat\"")) {
                        line = lines.readLine();
                    }
                    assertThat(line).contains("x" + changes + "\"");
                }
            }
        }
    }

    @Test
    void sendsReceiversElsewhereWhenItStops() throws Exception {
        served.hub().publish(ServedTopology.ORDERS, HubTopologies.topology(1, 1));
        try (BufferedReader lines = served.stream("?since=");
                BufferedReader old = served.stream()) {
            assertThat(ServedTopology.type(lines)).isEqualTo("snapshot");
            assertThat(ServedTopology.type(old)).isEqualTo("snapshot");
            CompletableFuture<Void> dismissing = CompletableFuture.runAsync(served.server()::dismiss);
            JsonNode leave = ServedTopology.next(lines);
            while (leave.get("type").asText().equals("heartbeat")) {
                leave = ServedTopology.next(lines);
            }
            assertThat(leave.get("type").asText()).isEqualTo("leave");
            assertThat(leave.get("afterMillis").asLong()).isBetween(0L, 10L);
            HttpResponse<String> refused = served.send(served.streamRequest(""), HttpResponse.BodyHandlers.ofString());
            assertThat(refused.statusCode()).isEqualTo(503);
            assertThat(refused.headers().firstValue("Retry-After")).hasValue("1");
            served.hub().publish(ServedTopology.ORDERS, HubTopologies.topology(9, 1));
            assertThat(ServedTopology.next(lines).at("/shard/term").asLong())
                    .as("while it leaves")
                    .isEqualTo(9);
            dismissing.get();
            await().atMost(Duration.ofSeconds(30)).until(() -> ServedTopology.isOver(lines));
            while (!ServedTopology.isOver(old)) {
                assertThat(served.counted("pgmosaic.operator.topology.streams.ended", "reason", "stopping"))
                        .isEqualTo(2);
            }
        }
    }
}
