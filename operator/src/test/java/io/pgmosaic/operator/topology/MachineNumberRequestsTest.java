package io.pgmosaic.operator.topology;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.client.KubernetesClientException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.security.GeneralSecurityException;
import java.time.Instant;

import static org.assertj.core.api.Assertions.assertThat;

/** Routers that ask for a machine number. Over real TLS. */
@Timeout(60)
class MachineNumberRequestsTest {
    private final ServedTopology served;

    MachineNumberRequestsTest() throws GeneralSecurityException {
        served = new ServedTopology();
    }

    @AfterEach
    void end() {
        served.close();
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
        served.record().fail(new KubernetesClientException("nobody listens"));
        HttpResponse<String> response = askForNumber("POST", "secret", "{\"holder\":\"one-process-of-a-router\"}");
        assertThat(response.statusCode()).isEqualTo(503);
        assertThat(response.body()).contains("does not record machine numbers now");
    }

    private HttpResponse<String> askForNumber(String method, String token, String body)
            throws IOException, InterruptedException {
        return served.send(
                served.request(ServedTopology.PATH + "/machine-ids")
                        .header("Authorization", "Bearer " + token)
                        .method(method, HttpRequest.BodyPublishers.ofString(body))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }
}
