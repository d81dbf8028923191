package io.pgmosaic.operator.topology;

import io.pgmosaic.operator.directory.DirectoryRefusal;
import io.pgmosaic.protocol.topology.DirectoryChange;
import io.pgmosaic.protocol.topology.DirectoryResult;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

import static org.assertj.core.api.Assertions.assertThat;

/** Routers that have directories changed. Over real TLS. */
@Timeout(60)
class DirectoryRequestsTest {
    private static final String CHANGE =
            "{\"table\":\"orders\",\"action\":\"ASSIGN\",\"entries\":[{\"key\":[\"a\"],\"shard\":\"s1\"}]}";

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
        served.directory((cluster, change) -> {
            asked.add(change);
            return CompletableFuture.completedFuture(new DirectoryResult(List.of()));
        });
        HttpResponse<String> response =
                ask(method, token, body.equals("LONG") ? " ".repeat((1 << 20) + 1) : body.replace("CHANGE", CHANGE));
        assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
        assertThat(asked).hasSize(status == 200 ? 1 : 0);
        if (status == 200) {
            assertThat(asked.getFirst().table()).isEqualTo("orders");
        }
    }

    @Test
    void saysWhyNothingWasChanged() throws Exception {
        served.directory((cluster, change) ->
                CompletableFuture.failedFuture(new DirectoryRefusal(409, "table orders has no directory")));
        HttpResponse<String> refused = ask("POST", "secret", CHANGE);
        assertThat(refused.statusCode()).isEqualTo(409);
        assertThat(refused.body()).contains("table orders has no directory");
        served.directory(
                (cluster, change) -> CompletableFuture.failedFuture(new IllegalStateException("a secret reason")));
        HttpResponse<String> failed = ask("POST", "secret", CHANGE);
        assertThat(failed.statusCode()).isEqualTo(503);
        assertThat(failed.body()).contains("log says why").doesNotContain("a secret reason");
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
