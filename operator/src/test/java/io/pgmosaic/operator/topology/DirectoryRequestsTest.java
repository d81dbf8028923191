package io.pgmosaic.operator.topology;

import io.pgmosaic.operator.directory.DirectoryRefusal;
import io.pgmosaic.protocol.topology.DirectoryChange;
import io.pgmosaic.protocol.topology.DirectoryResult;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.net.Socket;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** Routers that have directories changed. Over real TLS. */
@Timeout(60)
class DirectoryRequestsTest {
    private static final String CHANGE =
            "{\"table\":\"orders\",\"action\":\"ASSIGN\",\"entries\":[{\"key\":[\"a\"],\"shard\":\"s1\"}]}";

    private static final int MOST = 16;

    private final ServedTopology served;
    private final List<DirectoryChange> asked = new ArrayList<>();

    DirectoryRequestsTest() throws GeneralSecurityException {
        served = new ServedTopology();
    }

    @AfterEach
    void end() {
        served.close();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    POST | secret | CHANGE | 200
                    GET  | secret | CHANGE | 405
                    POST | wrong  | CHANGE | 403
                    POST | reader | CHANGE | 403
                    POST | broken | CHANGE | 503
                    POST | secret | {      | 400
                    POST | secret | null   | 400
                    POST | secret | {}     | 400
                    POST | secret | LONG   | 413
                    """)
    void changesForTheRightTokenOnly(String method, String token, String body, int status) throws Exception {
        served.directory((cluster, change, within) -> {
            asked.add(change);
            return CompletableFuture.completedFuture(new DirectoryResult(List.of()));
        });
        HttpResponse<String> response =
                ask(method, token, body.equals("LONG") ? " ".repeat((1 << 20) + 1) : body.replace("CHANGE", CHANGE));
        assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
        assertThat(asked).hasSize(status == 200 ? 1 : 0);
        assertThat(response.headers().firstValue("retry-after").isPresent())
                .as("nothing was done, and another operator may be asked")
                .isEqualTo(status == 503);
        if (status == 200) {
            assertThat(asked.getFirst().table()).isEqualTo("orders");
        }
    }

    @Test
    void saysWhyNothingWasChanged() throws Exception {
        served.directory((cluster, change, within) ->
                CompletableFuture.failedFuture(new DirectoryRefusal(409, "table orders has no directory")));
        HttpResponse<String> refused = ask("POST", "secret", CHANGE);
        assertThat(refused.statusCode()).isEqualTo(409);
        assertThat(refused.body()).contains("table orders has no directory");
        served.directory((cluster, change, within) ->
                CompletableFuture.failedFuture(new IllegalStateException("a secret reason")));
        HttpResponse<String> failed = ask("POST", "secret", CHANGE);
        assertThat(failed.statusCode()).isEqualTo(503);
        assertThat(failed.body()).contains("log says why").doesNotContain("a secret reason");
        assertThat(failed.headers().firstValue("retry-after"))
                .as("something may have been done")
                .isEmpty();
        served.directory((cluster, change, within) ->
                CompletableFuture.failedFuture(new DirectoryRefusal(503, "as many as it may")));
        assertThat(ask("POST", "secret", CHANGE).headers().firstValue("retry-after"))
                .isPresent();
    }

    /** A body may be large and come slowly, so its place is held until it is answered. */
    @Test
    void boundsThoseWhoseBodyIsComing() throws Exception {
        served.directory(
                (cluster, change, within) -> CompletableFuture.completedFuture(new DirectoryResult(List.of())));
        List<Socket> slow = new ArrayList<>();
        try {
            for (int i = 0; i < MOST; i++) {
                Socket socket = served.tls().getSocketFactory().createSocket("localhost", served.port());
                slow.add(socket);
                socket.getOutputStream()
                        .write(("POST " + ServedTopology.PATH + "/directory HTTP/1.1\r\nHost: localhost\r\n"
                                        + "Authorization: Bearer secret\r\nContent-Length: 100\r\n\r\n{")
                                .getBytes(UTF_8));
            }
            await().until(() -> ask("POST", "secret", CHANGE).statusCode() == 503);
            HttpResponse<String> refused = ask("POST", "secret", CHANGE);
            assertThat(refused.headers().firstValue("retry-after")).isPresent();
            assertThat(refused.body()).contains("as many as it may");
        } finally {
            for (Socket socket : slow) {
                socket.close();
            }
        }
        await().until(() -> ask("POST", "secret", CHANGE).statusCode() == 200);
        for (int i = 0; i < 2 * MOST; i++) {
            assertThat(ask("POST", "secret", "{").statusCode()).isEqualTo(400);
            assertThat(ask("POST", "wrong", CHANGE).statusCode()).isEqualTo(403);
        }
        assertThat(ask("POST", "secret", CHANGE).statusCode()).isEqualTo(200);
    }

    @Test
    void tellsHowMuchTimeIsLeft() throws Exception {
        List<Duration> left = new ArrayList<>();
        served.directory((cluster, change, within) -> {
            left.add(within);
            return CompletableFuture.completedFuture(new DirectoryResult(List.of()));
        });
        assertThat(ask("POST", "secret", CHANGE).statusCode()).isEqualTo(200);
        assertThat(left.getFirst()).isPositive().isLessThan(DirectoryChange.ANSWERED_WITHIN);
    }

    private HttpResponse<String> ask(String method, String token, String body) throws Exception {
        return served.send(
                served.request(ServedTopology.PATH + "/directory")
                        .header("Authorization", "Bearer " + token)
                        .method(method, HttpRequest.BodyPublishers.ofString(body))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }
}
