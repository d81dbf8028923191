package io.pgmosaic.operator.topology;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.pgmosaic.operator.ClusterKey;
import io.pgmosaic.operator.ids.MachineLeases;
import io.pgmosaic.operator.ids.RecordedInMemory;
import io.pgmosaic.operator.pki.CertificateAuthority;
import io.pgmosaic.protocol.tls.TlsContexts;
import io.vertx.core.Vertx;
import org.jspecify.annotations.Nullable;

import javax.net.ssl.SSLContext;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** A topology server over real TLS on loopback, and a client that trusts it. The token {@code secret} opens it. */
final class ServedTopology implements AutoCloseable {
    static final ClusterKey ORDERS = HubTopologies.ORDERS;
    static final String PATH = "/topology/v1/namespaces/shop/clusters/orders";
    static final int MOST_STREAMS = 3;

    private static final StreamLimits LIMITS =
            new StreamLimits(MOST_STREAMS, 4, Duration.ofMillis(200), Duration.ofSeconds(2), Duration.ofMillis(500));

    private volatile boolean withdrawn;
    private volatile boolean broken;
    private volatile TopologyServer.Directory directory = (cluster, change, within) -> new CompletableFuture<>();
    private final Vertx vertx = Vertx.vertx();
    private final MeterRegistry registry = new SimpleMeterRegistry();
    private final TopologyHub hub = new TopologyHub(Clock.systemUTC());
    private final RecordedInMemory record = new RecordedInMemory();
    private final MachineLeases leases = record.replica(Clock.systemUTC());
    private final TopologyServer server;
    private final int port;
    private final SSLContext tls;
    private final HttpClient http;

    ServedTopology() throws GeneralSecurityException {
        this(LIMITS);
    }

    ServedTopology(StreamLimits limits) throws GeneralSecurityException {
        CertificateAuthority authority =
                CertificateAuthority.of(CertificateAuthority.create("operator", Instant.now(), Duration.ofDays(1)));
        server = new TopologyServer(
                vertx,
                hub,
                this::refusal,
                leases::ask,
                new TopologyServer.Directories(
                        this::changeRefusal, (cluster, change, within) -> directory.change(cluster, change, within)),
                limits,
                authority.issueServer(List.of("localhost"), Instant.now(), Duration.ofHours(1)),
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

    private @Nullable String changeRefusal(ClusterKey cluster, String token) {
        return token.equals("reader") ? "grant the permission to change" : refusal(cluster, token);
    }

    TopologyHub hub() {
        return hub;
    }

    TopologyServer server() {
        return server;
    }

    RecordedInMemory record() {
        return record;
    }

    MeterRegistry registry() {
        return registry;
    }

    SSLContext tls() {
        return tls;
    }

    int port() {
        return port;
    }

    /** Has checks of tokens fail, or not any more. */
    void breakChecks(boolean isBroken) {
        broken = isBroken;
    }

    /** Takes the permission from every token. */
    void withdraw() {
        withdrawn = true;
    }

    /** What changes directories from now on. */
    void directory(TopologyServer.Directory changer) {
        directory = changer;
    }

    double counted(String name, String... tags) {
        return registry.get(name).tags(tags).counter().count();
    }

    <T> HttpResponse<T> send(HttpRequest request, HttpResponse.BodyHandler<T> body)
            throws IOException, InterruptedException {
        return http.send(request, body);
    }

    HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("https://localhost:" + port + path))
                .timeout(Duration.ofSeconds(20));
    }

    HttpRequest streamRequest(String query) {
        return request(PATH + query)
                .header("Authorization", "Bearer secret")
                .header("Accept", "application/x-ndjson")
                .build();
    }

    BufferedReader stream() throws IOException, InterruptedException {
        return stream("");
    }

    BufferedReader stream(String query) throws IOException, InterruptedException {
        return new BufferedReader(new InputStreamReader(
                http.send(streamRequest(query), HttpResponse.BodyHandlers.ofInputStream())
                        .body(),
                StandardCharsets.UTF_8));
    }

    static JsonNode next(BufferedReader lines) throws IOException {
        return new ObjectMapper().readTree(lines.readLine());
    }

    static String type(BufferedReader lines) throws IOException {
        return next(lines).get("type").asText();
    }

    /** An end in the middle of a chunked answer is an error to this client. */
    static boolean isOver(BufferedReader lines) {
        try {
            return lines.readLine() == null;
        } catch (IOException cut) {
            return cut.getMessage() != null;
        }
    }

    @Override
    public void close() {
        http.shutdownNow();
        server.close();
        leases.close();
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }
}
