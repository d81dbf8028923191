package io.pgmosaic.operator.instance;

import io.pgmosaic.operator.ClusterKey;
import io.pgmosaic.operator.pki.CertificateAuthority;
import io.pgmosaic.protocol.Json;
import io.pgmosaic.protocol.instance.InstanceCommand;
import io.pgmosaic.protocol.instance.InstanceIdentity;
import io.pgmosaic.protocol.instance.InstanceStatus;
import io.pgmosaic.protocol.instance.Refusal;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CountDownLatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Against a real HTTPS server. */
@Timeout(60)
class HttpInstanceClientTest {
    private static final ClusterKey ORDERS = new ClusterKey("shop", "orders");
    private static final String SERVICE = "orders-s0.shop.svc";
    private static final InstanceIdentity IDENTITY =
            new InstanceIdentity("shop", "orders", "uid-1", "s0", "orders-s0-0");
    private static final InstanceCommand STOP = new InstanceCommand.Stop(IDENTITY, 4);

    private final CertificateAuthority authority;
    private final InstanceTrust trust = new InstanceTrust();
    private boolean backed = true;
    private final HttpInstanceClient client = new HttpInstanceClient(trust, cluster -> {}, command -> backed);
    private final CountDownLatch over = new CountDownLatch(1);
    private FakeInstanceManager manager;

    HttpInstanceClientTest() throws GeneralSecurityException, IOException {
        authority = CertificateAuthority.of(CertificateAuthority.create("orders", Instant.now(), Duration.ofDays(1)));
        manager = new FakeInstanceManager("127.0.0.1", 0, authority, SERVICE);
    }

    @BeforeEach
    void load() throws GeneralSecurityException {
        trust.setCluster(
                ORDERS, authority.certificatePem(), authority.issueOperatorClient(Instant.now(), Duration.ofHours(1)));
    }

    @AfterEach
    void end() {
        over.countDown();
        client.close();
        manager.close();
    }

    @Test
    void readsTheStatus() throws Exception {
        InstanceStatus status = InstanceStatuses.running(IDENTITY);
        manager.answers(200, new String(Json.write(status), StandardCharsets.UTF_8));
        assertThat(client.status(endpoint(), StatusRequest.NOW)).isEqualTo(status);
        assertThat(manager.request).isEqualTo("GET /v1/status");
    }

    @Test
    void asksForTheNextChangeAndConfirmsTheTerm() throws Exception {
        InstanceStatus status = InstanceStatuses.running(IDENTITY);
        manager.answers(200, new String(Json.write(status), StandardCharsets.UTF_8));
        client.status(endpoint(), new StatusRequest("boot-1:7", 900, 4L, -71L));
        assertThat(manager.request).isEqualTo("GET /v1/status?seen=boot-1:7&waitMillis=900&term=4&token=-71");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "<html>", "{}", "null", "[]", "{\"identity\":7}"})
    void aStatusThatCannotBeReadIsNone(String body) {
        manager.answers(200, body);
        assertThatThrownBy(() -> client.status(endpoint(), StatusRequest.NOW))
                .isInstanceOf(InstanceUnreachableException.class)
                .hasMessageContaining("orders-s0-0");
    }

    @ParameterizedTest
    @ValueSource(ints = {202, 204, 302, 404, 409, 500, 503})
    void aStatusWithAnotherCodeIsNone(int code) {
        manager.answers(code, code == 204 ? "" : "because of this");
        assertThatThrownBy(() -> client.status(endpoint(), StatusRequest.NOW))
                .isInstanceOf(InstanceUnreachableException.class)
                .hasMessageContaining(Integer.toString(code));
    }

    @Test
    void sendsACommand() throws Exception {
        manager.answers(200, "{}");
        assertThat(client.send(endpoint(), STOP)).isEqualTo(new CommandOutcome.Done());
        assertThat(manager.request).isEqualTo("POST /v1/stop");
        assertThat(manager.body).isEqualTo(new String(Json.write(STOP), StandardCharsets.UTF_8));
        manager.answers(202, "");
        assertThat(client.send(endpoint(), STOP)).isEqualTo(new CommandOutcome.Begun());
        Refusal refusal = new Refusal(Refusal.Reason.STALE_TERM, "promised 5", 5);
        manager.answers(409, new String(Json.write(refusal), StandardCharsets.UTF_8));
        assertThat(client.send(endpoint(), STOP)).isEqualTo(new CommandOutcome.Refused(refusal));
    }

    @Test
    void tellsAnInstanceWithoutAPromiseOnlyWhatTheRecordStillLeadsTo() throws Exception {
        Refusal refusal = new Refusal(Refusal.Reason.NO_PROMISE, "nothing was promised", 0, "a b");
        String refused = new String(Json.write(refusal), StandardCharsets.UTF_8);
        manager.answer = exchange -> FakeInstanceManager.respond(
                exchange, exchange.getRequestURI().toString().endsWith("?challenge=a+b") ? 202 : 409, refused);
        assertThat(client.send(endpoint(), STOP)).isEqualTo(new CommandOutcome.Begun());
        assertThat(manager.body).isEqualTo(new String(Json.write(STOP), StandardCharsets.UTF_8));
        backed = false;
        assertThat(client.send(endpoint(), STOP)).isEqualTo(new CommandOutcome.Refused(refusal));
        assertThat(manager.request).isEqualTo("POST /v1/stop");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "no", "{}"})
    void aRefusalThatCannotBeReadIsNoAnswer(String body) {
        manager.answers(409, body);
        assertThatThrownBy(() -> client.send(endpoint(), STOP)).isInstanceOf(InstanceUnreachableException.class);
    }

    @Test
    void quotesTheBeginningOfAnUnexpectedAnswer() {
        manager.answers(500, "x".repeat(100_000));
        assertThatThrownBy(() -> client.send(endpoint(), STOP))
                .isInstanceOf(InstanceUnreachableException.class)
                .satisfies(e -> assertThat(e.getMessage()).hasSizeLessThan(500).contains("500", "xxx"));
    }

    @Test
    void givesUpOnAnInstanceThatDoesNotAnswer() {
        manager.answer = exchange -> stall();
        assertThatThrownBy(() -> client.status(endpoint(), StatusRequest.NOW))
                .isInstanceOf(InstanceUnreachableException.class);
    }

    @Test
    void givesUpOnAnInstanceThatStopsInTheMiddleOfItsAnswer() {
        manager.answer = exchange -> {
            exchange.sendResponseHeaders(200, 1_000);
            exchange.getResponseBody().write('{');
            exchange.getResponseBody().flush();
            stall();
        };
        assertThatThrownBy(() -> client.status(endpoint(), StatusRequest.NOW))
                .isInstanceOf(InstanceUnreachableException.class);
    }

    @Test
    void saysWhyNobodyIsThere() {
        int port = manager.port();
        manager.close();
        assertThatThrownBy(() -> client.status(
                        new InstanceEndpoint(ORDERS, "orders-s0-0", SERVICE, "127.0.0.1", port), StatusRequest.NOW))
                .isInstanceOfSatisfying(InstanceUnreachableException.class, e -> assertThat(e.refused())
                        .isTrue())
                .hasMessageContaining("orders-s0-0 at 127.0.0.1:" + port);
    }

    @Test
    void saysWhyACertificateAuthorityCouldNotBeLoaded() {
        try (HttpInstanceClient other = new HttpInstanceClient(
                trust,
                cluster -> {
                    throw new IOException("Secret orders-ca is gone");
                },
                command -> true)) {
            assertThatThrownBy(() -> other.status(endpoint(), StatusRequest.NOW))
                    .isInstanceOf(InstanceUnreachableException.class)
                    .hasMessageContaining("Secret orders-ca is gone");
        }
    }

    private void stall() {
        try {
            over.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private InstanceEndpoint endpoint() {
        return new InstanceEndpoint(ORDERS, "orders-s0-0", SERVICE, "127.0.0.1", manager.port());
    }
}
