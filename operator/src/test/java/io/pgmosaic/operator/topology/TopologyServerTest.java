package io.pgmosaic.operator.topology;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.pgmosaic.operator.ClusterKey;
import io.pgmosaic.operator.ids.MachineLeases;
import io.pgmosaic.operator.ids.RecordedInMemory;
import io.pgmosaic.operator.pki.CertificateAuthority;
import io.pgmosaic.operator.pki.CertifiedKey;
import io.pgmosaic.protocol.tls.TlsContexts;
import io.vertx.core.Vertx;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** Over real TLS. */
@Timeout(60)
class TopologyServerTest {
    private static final ClusterKey ORDERS = TopologyHubTest.ORDERS;
    private static final String PATH = "/topology/v1/namespaces/shop/clusters/orders";

    private static final int MOST_STREAMS = 3;
    private static final StreamLimits LIMITS =
            new StreamLimits(MOST_STREAMS, 4, Duration.ofMillis(200), Duration.ofSeconds(2), Duration.ofMillis(500));

    private volatile boolean withdrawn;
    private volatile boolean broken;
    private final CertificateAuthority authority;
    private final Vertx vertx = Vertx.vertx();

    private final MeterRegistry registry = new SimpleMeterRegistry();
    private final TopologyHub hub = new TopologyHub(Clock.systemUTC());
    private final RecordedInMemory record = new RecordedInMemory();
    private final MachineLeases leases = record.replica(Clock.systemUTC());
    private final TopologyServer server;
    private final int port;
    private final SSLContext tls;
    private final HttpClient http;

    TopologyServerTest() throws GeneralSecurityException {
        authority = CertificateAuthority.of(CertificateAuthority.create("operator", Instant.now(), Duration.ofDays(1)));
        server = new TopologyServer(
                vertx,
                hub,
                this::refusal,
                leases::ask,
                new TopologyServer.Directories(this::refusal, (cluster, change) -> new CompletableFuture<>()),
                LIMITS,
                certificate(),
                registry,
                Clock.systemUTC());
        port = server.listen("127.0.0.1", 0);
        tls = TlsContexts.of(null, null, authority.certificatePem());
        http = HttpClient.newBuilder().sslContext(tls).build();
    }

    private @Nullable String refusal(ClusterKey cluster, String token) {
        if (broken || token.equals("broken")) {
            throw new IllegalStateException("the API server does not answer");
        }
        return !withdrawn && cluster.equals(ORDERS) && token.equals("secret") ? null : "grant the permission";
    }

    @AfterEach
    void end() {
        http.shutdownNow();
        server.close();
        leases.close();
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                "GET,  /topology/v1/namespaces/shop/clusters/orders,   Bearer secret, 200",
                "GET,  /topology/v1/namespaces/shop/clusters/orders,   -,             401",
                "GET,  /topology/v1/namespaces/shop/clusters/orders,   Basic secret,  401",
                "GET,  /topology/v1/namespaces/shop/clusters/orders,   Bearer wrong,  403",
                "GET,  /topology/v1/namespaces/shop/clusters/other,    Bearer secret, 403",
                "GET,  /topology/v1/namespaces/shop/clusters/orders,   Bearer broken, 503",
                "GET,  /topology/v1/namespaces/shop/clusters/orders/x, Bearer secret, 404",
                "GET,  /topology/v1/namespaces/SHOP/clusters/orders,   Bearer secret, 404",
                "GET,  /,                                              Bearer secret, 404",
                "POST, /topology/v1/namespaces/shop/clusters/orders,   Bearer secret, 405",
            })
    void opensToTheRightTokenOnly(String method, String path, String authorization, int status)
            throws IOException, InterruptedException {
        hub.publish(ORDERS, TopologyHubTest.topology(1, 1));
        HttpRequest.Builder request = request(path).method(method, HttpRequest.BodyPublishers.noBody());
        if (authorization != null) {
            request.header("Authorization", authorization);
        }
        HttpResponse<String> response = http.send(request.build(), HttpResponse.BodyHandlers.ofString());
        assertThat(response.statusCode()).isEqualTo(status);
        JsonNode body = new ObjectMapper().readTree(response.body());
        if (status == 200) {
            assertThat(body.get("cluster").asText()).isEqualTo("orders");
        } else {
            assertThat(body.get("status").asInt()).isEqualTo(status);
            assertThat(response.body()).doesNotContain("s0");
            assertThat(body.get("detail").asText().contains("grant the permission"))
                    .isEqualTo(status == 403);
        }
    }

    @Test
    void saysThatThereIsNoTopologyYet() throws IOException, InterruptedException {
        HttpRequest request =
                request(PATH).header("Authorization", "Bearer secret").build();
        assertThat(http.send(request, HttpResponse.BodyHandlers.ofString()).statusCode())
                .isEqualTo(503);
    }

    @Test
    void streamsThePictureThenTheChangesAndSignsOfLife() throws IOException, InterruptedException {
        hub.publish(ORDERS, TopologyHubTest.topology(1, 1));
        try (BufferedReader lines = stream()) {
            assertThat(type(lines)).isEqualTo("snapshot");
            hub.publish(ORDERS, TopologyHubTest.topology(1, 2));
            assertThat(type(lines)).isEqualTo("shard");
            assertThat(type(lines)).isEqualTo("heartbeat");
        }
    }

    @Test
    void endsTheStreamOfAClusterThatIsGone() throws IOException, InterruptedException {
        hub.publish(ORDERS, TopologyHubTest.topology(1, 1));
        try (BufferedReader lines = stream()) {
            assertThat(type(lines)).isEqualTo("snapshot");
            hub.forget(ORDERS);
            assertThat(isOver(lines)).isTrue();
        }
    }

    @Test
    void endsTheStreamOfWhoeverMayNotReadItAnyMore() throws IOException, InterruptedException {
        hub.publish(ORDERS, TopologyHubTest.topology(1, 1));
        try (BufferedReader lines = stream()) {
            assertThat(type(lines)).isEqualTo("snapshot");
            broken = true;
            assertThat(type(lines)).as("while nobody can be asked").isEqualTo("heartbeat");
            broken = false;
            assertThat(type(lines)).as("while it may").isEqualTo("heartbeat");
            withdrawn = true;
            assertThat(isOver(lines)).isTrue();
        }
    }

    @Test
    void goesOnWhereAStreamEnded() throws IOException, InterruptedException {
        hub.publish(ORDERS, TopologyHubTest.topology(1, 1));
        String position;
        try (BufferedReader lines = stream("?since=")) {
            JsonNode snapshot = next(lines);
            assertThat(snapshot.get("type").asText()).isEqualTo("snapshot");
            position = snapshot.get("position").asText();
        }
        try (BufferedReader lines = stream("?since=" + position)) {
            JsonNode resumed = next(lines);
            assertThat(resumed.get("type").asText()).as("nothing changed").isEqualTo("resumed");
            assertThat(resumed.get("position").asText()).isEqualTo(position);
        }
        hub.publish(ORDERS, TopologyHubTest.topology(5, 1));
        hub.publish(ORDERS, TopologyHubTest.topology(6, 1));
        try (BufferedReader lines = stream("?since=" + position)) {
            JsonNode change = next(lines);
            assertThat(change.at("/shard/term").asLong()).isEqualTo(6);
            JsonNode resumed = next(lines);
            assertThat(resumed.get("type").asText()).isEqualTo("resumed");
            assertThat(resumed.get("position").asText())
                    .isEqualTo(change.get("position").asText());
            hub.publish(ORDERS, TopologyHubTest.topology(7, 1));
            assertThat(next(lines).at("/shard/term").asLong()).isEqualTo(7);
        }
        try (BufferedReader lines = stream("?since=of-another-process.1")) {
            assertThat(type(lines)).isEqualTo("snapshot");
        }
        assertThat(counted("pgmosaic.operator.topology.resumes")).isEqualTo(2);
        assertThat(counted("pgmosaic.operator.topology.full.states")).isEqualTo(2);
    }

    @Test
    void sendsFurtherReceiversElsewhereAndTakesThemWhenThereIsRoom() throws IOException, InterruptedException {
        hub.publish(ORDERS, TopologyHubTest.topology(1, 1));
        List<BufferedReader> open = new ArrayList<>();
        for (int i = 0; i < MOST_STREAMS; i++) {
            open.add(stream());
        }
        HttpResponse<String> refused = http.send(streamRequest(""), HttpResponse.BodyHandlers.ofString());
        assertThat(refused.statusCode()).isEqualTo(503);
        assertThat(refused.headers().firstValueAsLong("Retry-After").orElseThrow())
                .isBetween(2L, 5L);
        assertThat(refused.body()).contains("another one may have room");
        assertThat(counted("pgmosaic.operator.topology.refusals", "reason", "full"))
                .isEqualTo(1);
        assertThat(http.send(
                                request(PATH)
                                        .header("Authorization", "Bearer secret")
                                        .build(),
                                HttpResponse.BodyHandlers.ofString())
                        .statusCode())
                .as("a single picture")
                .isEqualTo(200);
        open.removeFirst().close();
        await().until(() -> {
            HttpResponse<InputStream> answer = http.send(streamRequest(""), HttpResponse.BodyHandlers.ofInputStream());
            answer.body().close();
            return answer.statusCode() == 200;
        });
        for (BufferedReader lines : open) {
            lines.close();
        }
        await().until(() ->
                registry.get("pgmosaic.operator.topology.subscribers").gauge().value() == 0);
    }

    /** It holds up nobody, costs no more than what fits on its way, and is ended; one that reads has all of it. */
    @Test
    void endsTheStreamOfWhoTakesNothing() throws Exception {
        hub.publish(ORDERS, TopologyHubTest.topology(1, 1));
        try (SSLSocket silent = (SSLSocket) tls.getSocketFactory().createSocket()) {
            silent.setReceiveBufferSize(8 << 10);
            silent.connect(new InetSocketAddress("localhost", port));
            silent.getOutputStream()
                    .write(("GET " + PATH + "?since= HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer secret\r\n"
                                    + "Accept: application/x-ndjson\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            silent.getInputStream().read();
            try (BufferedReader lines = stream()) {
                assertThat(type(lines)).isEqualTo("snapshot");
                String padding = "x".repeat(1 << 20);
                long changes = 0;
                while (counted("pgmosaic.operator.topology.streams.ended", "reason", "stalled") == 0) {
                    changes++;
                    hub.publish(ORDERS, TopologyHubTest.of(padding + changes, List.of()));
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
        hub.publish(ORDERS, TopologyHubTest.topology(1, 1));
        try (BufferedReader lines = stream("?since=");
                BufferedReader old = stream()) {
            assertThat(type(lines)).isEqualTo("snapshot");
            assertThat(type(old)).isEqualTo("snapshot");
            CompletableFuture<Void> dismissing = CompletableFuture.runAsync(server::dismiss);
            JsonNode leave = next(lines);
            while (leave.get("type").asText().equals("heartbeat")) {
                leave = next(lines);
            }
            assertThat(leave.get("type").asText()).isEqualTo("leave");
            assertThat(leave.get("afterMillis").asLong()).isBetween(0L, 10L);
            HttpResponse<String> refused = http.send(streamRequest(""), HttpResponse.BodyHandlers.ofString());
            assertThat(refused.statusCode()).isEqualTo(503);
            assertThat(refused.headers().firstValue("Retry-After")).hasValue("1");
            hub.publish(ORDERS, TopologyHubTest.topology(9, 1));
            assertThat(next(lines).at("/shard/term").asLong())
                    .as("while it leaves")
                    .isEqualTo(9);
            dismissing.get();
            await().atMost(Duration.ofSeconds(30)).until(() -> isOver(lines));
            while (!isOver(old)) {
                assertThat(counted("pgmosaic.operator.topology.streams.ended", "reason", "stopping"))
                        .isEqualTo(2);
            }
        }
    }

    private double counted(String name, String... tags) {
        return registry.get(name).tags(tags).counter().count();
    }

    private static JsonNode next(BufferedReader lines) throws IOException {
        return new ObjectMapper().readTree(lines.readLine());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    GET  | secret | {"holder":"one-process-of-a-router"}                   | 405
                    POST | wrong  | {"holder":"one-process-of-a-router"}                   | 403
                    POST | secret | {"holder":"one-process-of-a-router"}                   | 200
                    POST | secret | {"holder":"one-process-of-a-router","machineId":1023}  | 200
                    POST | secret | {"holder":"one-process-of-a-router","machineId":1024}  | 400
                    POST | secret | {"holder":"one-process-of-a-router","machineId":-1}    | 400
                    POST | secret | {"holder":"one-process-of-a-router","machineId":"x"}   | 400
                    POST | secret | {"holder":"too-short"}                                 | 400
                    POST | secret | {"holder":"one process of a router with spaces"}       | 400
                    POST | secret | {"machineId":5}                                        | 400
                    POST | secret | null                                                   | 400
                    POST | secret | {                                                      | 400
                    POST | secret | LONG                                                   | 413
                    """)
    void grantsMachineNumbersToTheRightTokenOnly(String method, String token, String body, int status)
            throws IOException, InterruptedException {
        HttpResponse<String> response = askForNumber(method, token, body.equals("LONG") ? "x".repeat(2_000) : body);
        assertThat(response.statusCode()).isEqualTo(status);
        JsonNode answer = new ObjectMapper().readTree(response.body());
        if (status == 200) {
            assertThat(answer.get("machineId").asInt()).isBetween(0, 1_023);
            assertThat(answer.get("leaseMillis").asLong()).isEqualTo(600_000);
            assertThat(Instant.parse(answer.get("notBefore").asText()))
                    .isBefore(Instant.parse(answer.get("notAfter").asText()));
        } else {
            assertThat(answer.get("status").asInt()).isEqualTo(status);
        }
    }

    @Test
    void saysWhyThereIsNoMachineNumber() throws IOException, InterruptedException {
        record.fail(new KubernetesClientException("nobody listens"));
        HttpResponse<String> response = askForNumber("POST", "secret", "{\"holder\":\"one-process-of-a-router\"}");
        assertThat(response.statusCode()).isEqualTo(503);
        assertThat(response.body()).contains("does not record machine numbers now");
    }

    private HttpResponse<String> askForNumber(String method, String token, String body)
            throws IOException, InterruptedException {
        return http.send(
                request(PATH + "/machine-ids")
                        .header("Authorization", "Bearer " + token)
                        .method(method, HttpRequest.BodyPublishers.ofString(body))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private BufferedReader stream() throws IOException, InterruptedException {
        return stream("");
    }

    private BufferedReader stream(String query) throws IOException, InterruptedException {
        return new BufferedReader(new InputStreamReader(
                http.send(streamRequest(query), HttpResponse.BodyHandlers.ofInputStream())
                        .body(),
                StandardCharsets.UTF_8));
    }

    private HttpRequest streamRequest(String query) {
        return request(PATH + query)
                .header("Authorization", "Bearer secret")
                .header("Accept", "application/x-ndjson")
                .build();
    }

    private static String type(BufferedReader lines) throws IOException {
        return new ObjectMapper().readTree(lines.readLine()).get("type").asText();
    }

    /** An end in the middle of a chunked answer is an error to this client. */
    private static boolean isOver(BufferedReader lines) {
        try {
            return lines.readLine() == null;
        } catch (IOException cut) {
            return cut.getMessage() != null;
        }
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("https://localhost:" + port + path))
                .timeout(Duration.ofSeconds(20));
    }

    private CertifiedKey certificate() {
        return authority.issueServer(List.of("localhost"), Instant.now(), Duration.ofHours(1));
    }
}
