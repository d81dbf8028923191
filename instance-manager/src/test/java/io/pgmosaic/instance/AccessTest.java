package io.pgmosaic.instance;

import io.pgmosaic.instance.harness.TestAuthority;
import io.pgmosaic.instance.harness.TestManager;
import io.pgmosaic.instance.harness.TestShard;
import io.pgmosaic.protocol.Json;
import io.pgmosaic.protocol.instance.DataDirectory;
import io.pgmosaic.protocol.instance.PostgresState.ServerState;
import io.pgmosaic.protocol.instance.Refusal;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

/** Who may talk to a manager, in what form, and that talking alone creates nothing. */
final class AccessTest {
    private static TestShard shard;
    private static TestManager manager;

    @BeforeAll
    static void open() throws IOException {
        shard = new TestShard();
        manager = shard.manager(0).start();
    }

    @AfterAll
    static void close() throws IOException {
        shard.close();
    }

    @Test
    void withoutACertificateNothingIsAnswered() {
        HttpClient nobody = TestManager.client(null, shard.authority());
        assertThatThrownBy(() -> manager.get(nobody)).isInstanceOf(IOException.class);
    }

    @Test
    void aCertificateOfAnotherAuthorityIsNotTaken() {
        TestAuthority other = new TestAuthority("other");
        HttpClient foreign = TestManager.client(other.client("O=pgmosaic,CN=operator"), shard.authority());
        assertThatThrownBy(() -> manager.get(foreign)).isInstanceOf(IOException.class);
    }

    @Test
    void aServersCertificateIsNoClients() {
        HttpClient server =
                TestManager.client(shard.authority().serverNamed("O=pgmosaic,CN=operator"), shard.authority());
        // In TLS 1.3 the refusal comes after the client's side of the handshake, as an alert or as a closed connection.
        assertThatThrownBy(() -> manager.get(server)).isInstanceOf(IOException.class);
    }

    @Test
    void anotherNameIsForbidden() throws Exception {
        for (String name : new String[] {"O=pgmosaic,CN=router", "CN=operator", "O=pgmosaic,CN=operator,OU=x"}) {
            HttpClient router = TestManager.client(shard.authority().client(name), shard.authority());
            HttpResponse<byte[]> response = manager.get(router);
            assertThat(response.statusCode()).describedAs(name).isEqualTo(403);
            assertThat(response.headers().firstValue("Content-Type")).contains("application/problem+json");
            assertThat(new String(response.body(), StandardCharsets.UTF_8)).contains("not O=pgmosaic,CN=operator");
        }
        HttpClient reversed = TestManager.client(shard.authority().client("CN=operator,O=pgmosaic"), shard.authority());
        assertThat(manager.get(reversed).statusCode()).isEqualTo(200);
    }

    @Test
    void malformedCommandsAreRefusedWithTheReason() throws Exception {
        for (String body : new String[] {"", "{", "null", "[]", "{}", "{\"term\":\"x\"}", "{\"term\":1}", "\0\u00ff"}) {
            HttpResponse<byte[]> response = manager.post("/v1/bootstrap", body.getBytes(StandardCharsets.ISO_8859_1));
            assertThat(response.statusCode()).describedAs(body).isEqualTo(409);
            assertThat(Json.read(response.body(), Refusal.class).reason()).isEqualTo(Refusal.Reason.MALFORMED);
        }
        assertThat(manager.post("/v1/bootstrap", new byte[4 * 1024 * 1024 + 1000])
                        .statusCode())
                .isEqualTo(413);
        assertThat(manager.post("/v1/nothing", new byte[0]).statusCode()).isEqualTo(404);
        assertThat(manager.post("/v1/status", new byte[0]).statusCode()).isEqualTo(405);
    }

    @Test
    void healthTellsNoMoreThanItMust() throws Exception {
        assertThat(manager.health("/livez").body()).isEqualTo("ok\n");
        HttpResponse<String> ready = manager.health("/readyz");
        assertThat(ready.statusCode()).isEqualTo(503);
        assertThat(ready.body()).isEqualTo("PostgreSQL is STOPPED\n");
        assertThat(manager.health("/v1/status").statusCode()).isEqualTo(404);
    }

    @Test
    void anEmptyVolumeStaysEmpty() throws Exception {
        TestManager empty = shard.manager(1).start();
        for (int i = 0; i < 3; i++) {
            assertThat(empty.status().data().state()).isEqualTo(DataDirectory.State.EMPTY);
            assertThat(empty.status().postgres().state()).isEqualTo(ServerState.STOPPED);
        }
        assertThat(empty.status().promisedTerm()).isZero();
        assertThat(empty.terminate()).isZero();
        assertThat(Files.exists(empty.data())).isFalse();
        assertThat(Files.exists(empty.volume().resolve("pgdata.new"))).isFalse();
    }

    @Test
    void twoManagersDoNotShareAVolume() throws Exception {
        TestManager second = shard.manager(2);
        second.extraEnvironment().put("PGMOSAIC_VOLUME", manager.volume().toString());
        second.launch();
        assertThat(second.process().waitFor()).isEqualTo(1);
        assertThat(Files.readString(second.log())).contains("another instance manager works on");
    }

    @Test
    void renewedCertificatesAreTakenWhileItRuns() throws Exception {
        TestManager renewed = shard.manager(3).start();
        TestAuthority next = new TestAuthority("next");
        renewed.writeCertificates(next);
        HttpClient client = TestManager.client(next.client("O=pgmosaic,CN=operator"), next);
        await().atMost(Duration.ofSeconds(15))
                .ignoreExceptions()
                .until(() -> renewed.get(client).statusCode() == 200);
        HttpClient before = TestManager.client(shard.authority().client("O=pgmosaic,CN=operator"), next);
        assertThatThrownBy(() -> renewed.get(before)).isInstanceOf(IOException.class);
    }
}
