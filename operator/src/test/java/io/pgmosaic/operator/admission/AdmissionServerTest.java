package io.pgmosaic.operator.admission;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.admission.v1.AdmissionResponse;
import io.fabric8.zjsonpatch.JsonPatch;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.pgmosaic.operator.injection.Pods;
import io.pgmosaic.operator.pki.CertificateAuthority;
import io.pgmosaic.operator.pki.CertifiedKey;
import io.pgmosaic.protocol.tls.TlsContexts;
import io.vertx.core.Vertx;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import javax.net.ssl.SSLSocket;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;

import static org.assertj.core.api.Assertions.assertThat;

/** Over real TLS, with a review as an API server sends it. */
@Timeout(60)
class AdmissionServerTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final CertificateAuthority authority;
    private final Vertx vertx = Vertx.vertx();
    private final List<String> refusals = new CopyOnWriteArrayList<>();
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final AdmissionServer server;
    private final int port;
    private final HttpClient http;

    AdmissionServerTest() throws GeneralSecurityException {
        authority = CertificateAuthority.of(CertificateAuthority.create("operator", Instant.now(), Duration.ofDays(1)));
        InjectionWebhook injection = new InjectionWebhook(
                cluster -> cluster.name().equals("orders"),
                Pods.template(true),
                (pod, namespace, warning) -> refusals.add(namespace + ": " + warning),
                registry);
        server = new AdmissionServer(
                vertx, Map.of("/inject", injection, "/broken", AdmissionServerTest::broken), certificate());
        port = server.listen("127.0.0.1", 0);
        http = HttpClient.newBuilder()
                .sslContext(TlsContexts.of(null, null, authority.certificatePem()))
                .build();
    }

    private static AdmissionResponse broken(JsonNode request) {
        throw new IllegalStateException("a defect");
    }

    @AfterEach
    void end() {
        http.shutdownNow();
        server.close();
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    private static ObjectNode review() throws IOException {
        try (InputStream file = Objects.requireNonNull(
                AdmissionServerTest.class.getResourceAsStream("/admission/create-pod.json"), "the review")) {
            return (ObjectNode) JSON.readTree(file);
        }
    }

    private HttpResponse<String> send(String method, String path, String body)
            throws IOException, InterruptedException {
        return http.send(
                HttpRequest.newBuilder(URI.create("https://localhost:" + port + path))
                        .timeout(Duration.ofSeconds(20))
                        .method(method, HttpRequest.BodyPublishers.ofString(body))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private JsonNode response(String path, JsonNode review) throws IOException, InterruptedException {
        HttpResponse<String> answer = send("POST", path, review.toString());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        JsonNode body = JSON.readTree(answer.body());
        assertThat(body.path("apiVersion").asText()).isEqualTo("admission.k8s.io/v1");
        assertThat(body.path("kind").asText()).isEqualTo("AdmissionReview");
        assertThat(body.at("/response/uid")).isEqualTo(review.at("/request/uid"));
        assertThat(body.at("/response/allowed").asBoolean()).isTrue();
        return body.get("response");
    }

    @Test
    void givesARouterAsAPatch() throws IOException, InterruptedException {
        JsonNode response = response("/inject", review());
        assertThat(response.path("patchType").asText()).isEqualTo("JSONPatch");
        JsonNode patch =
                JSON.readTree(Base64.getDecoder().decode(response.path("patch").asText()));
        JsonNode pod = JsonPatch.apply(patch, review().at("/request/object"));
        assertThat(pod.at("/spec/initContainers/0/name").asText()).isEqualTo("pgmosaic-router");
        assertThat(pod.at("/spec/initContainers/0/restartPolicy").asText()).isEqualTo("Always");
        assertThat(pod.at("/spec/volumes/0/name").asText()).startsWith("kube-api-access");
        assertThat(response.has("warnings")).isFalse();
        assertThat(refusals).isEmpty();
        assertThat(count("injected")).isOne();
        assertThat(count("refused")).isZero();
    }

    private double count(String outcome) {
        return registry.get("pgmosaic.router.injections")
                .tag("outcome", outcome)
                .counter()
                .count();
    }

    @Test
    void letsAPodInThatItCannotGiveOneAndSaysWhy() throws IOException, InterruptedException {
        ObjectNode review = review();
        review.withObject("/request/object/metadata/labels").put("pgmosaic.io/inject", "invoices");
        JsonNode response = response("/inject", review);
        assertThat(response.has("patch")).isFalse();
        assertThat(response.at("/warnings/0").asText()).contains("no router of shop/invoices: there is no such");
        assertThat(refusals).singleElement().satisfies(told -> assertThat(told).startsWith("shop: the pod gets no"));
        assertThat(count("refused")).isOne();
        review.withObject("/request").put("dryRun", true);
        assertThat(response("/inject", review).has("warnings")).isTrue();
        assertThat(refusals).as("a dry run has no effect").hasSize(1);
    }

    @Test
    void letsInWhateverComesWhileItIsBroken() throws IOException, InterruptedException {
        JsonNode response = response("/broken", review());
        assertThat(response.has("patch")).isFalse();
        assertThat(response.at("/warnings/0").asText()).contains("its log says why");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "POST | /inject  | {}                                              | 400",
                "POST | /inject  | {\"apiVersion\":\"admission.k8s.io/v1\"}        | 400",
                "POST | /inject  | {\"apiVersion\":\"admission.k8s.io/v1beta1\",\"request\":{\"uid\":\"1\"}} | 400",
                "POST | /inject  | [                                               | 400",
                "GET  | /inject  | ''                                              | 405",
                "POST | /        | {}                                              | 404",
                "POST | /inject/ | {}                                              | 404",
            })
    void refusesWhatIsNoReview(String method, String path, String body, int status)
            throws IOException, InterruptedException {
        assertThat(send(method, path, body).statusCode()).isEqualTo(status);
    }

    @Test
    void refusesWhatIsTooLong() throws IOException, InterruptedException {
        assertThat(send("POST", "/inject", "[" + " ".repeat(9 << 20)).statusCode())
                .isEqualTo(413);
    }

    /** Whoever begins reviews and does not end them keeps others out only as long as they stay. */
    @Test
    void holdsNoMoreThanItMay() throws IOException, InterruptedException {
        List<SSLSocket> unfinished = new ArrayList<>();
        try {
            for (int i = 0; i < 3; i++) {
                unfinished.add(begun(8 << 20));
            }
            Awaitility.await()
                    .atMost(Duration.ofSeconds(20))
                    .until(() -> send("POST", "/inject", review().toString()).statusCode() == 503);
        } finally {
            for (SSLSocket socket : unfinished) {
                socket.close();
            }
        }
        Awaitility.await()
                .atMost(Duration.ofSeconds(20))
                .until(() -> send("POST", "/inject", review().toString()).statusCode() == 200);
    }

    /** A request of which all but the last byte was sent. */
    private SSLSocket begun(int length) throws IOException {
        SSLSocket socket = connect();
        OutputStream out = socket.getOutputStream();
        out.write(("POST /inject HTTP/1.1\r\nHost: localhost\r\nContent-Length: " + length + "\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII));
        out.write(new byte[length - 1]);
        out.flush();
        return socket;
    }

    private SSLSocket connect() throws IOException {
        try {
            return (SSLSocket) TlsContexts.of(null, null, authority.certificatePem())
                    .getSocketFactory()
                    .createSocket("localhost", port);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private CertifiedKey certificate() {
        return authority.issueServer(List.of("localhost"), Instant.now(), Duration.ofHours(1));
    }
}
