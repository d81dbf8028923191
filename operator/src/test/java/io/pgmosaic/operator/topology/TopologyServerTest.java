package io.pgmosaic.operator.topology;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.security.GeneralSecurityException;

import static org.assertj.core.api.Assertions.assertThat;

/** Who gets the topology, and what of it. Over real TLS. */
@Timeout(60)
class TopologyServerTest {
    private final ServedTopology served;

    TopologyServerTest() throws GeneralSecurityException {
        served = new ServedTopology();
    }

    @AfterEach
    void end() {
        served.close();
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
        served.hub().publish(ServedTopology.ORDERS, HubTopologies.topology(1, 1));
        HttpRequest.Builder request = served.request(path).method(method, HttpRequest.BodyPublishers.noBody());
        if (authorization != null) {
            request.header("Authorization", authorization);
        }
        HttpResponse<String> response = served.send(request.build(), HttpResponse.BodyHandlers.ofString());
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
        HttpRequest request = served.request(ServedTopology.PATH)
                .header("Authorization", "Bearer secret")
                .build();
        assertThat(served.send(request, HttpResponse.BodyHandlers.ofString()).statusCode())
                .isEqualTo(503);
    }

    @Test
    void streamsThePictureThenTheChangesAndSignsOfLife() throws IOException, InterruptedException {
        served.hub().publish(ServedTopology.ORDERS, HubTopologies.topology(1, 1));
        try (BufferedReader lines = served.stream()) {
            assertThat(ServedTopology.type(lines)).isEqualTo("snapshot");
            served.hub().publish(ServedTopology.ORDERS, HubTopologies.topology(1, 2));
            assertThat(ServedTopology.type(lines)).isEqualTo("shard");
            assertThat(ServedTopology.type(lines)).isEqualTo("heartbeat");
        }
    }

    @Test
    void endsTheStreamOfAClusterThatIsGone() throws IOException, InterruptedException {
        served.hub().publish(ServedTopology.ORDERS, HubTopologies.topology(1, 1));
        try (BufferedReader lines = served.stream()) {
            assertThat(ServedTopology.type(lines)).isEqualTo("snapshot");
            served.hub().forget(ServedTopology.ORDERS);
            assertThat(ServedTopology.isOver(lines)).isTrue();
        }
    }

    @Test
    void endsTheStreamOfWhoeverMayNotReadItAnyMore() throws IOException, InterruptedException {
        served.hub().publish(ServedTopology.ORDERS, HubTopologies.topology(1, 1));
        try (BufferedReader lines = served.stream()) {
            assertThat(ServedTopology.type(lines)).isEqualTo("snapshot");
            served.breakChecks(true);
            assertThat(ServedTopology.type(lines))
                    .as("while nobody can be asked")
                    .isEqualTo("heartbeat");
            served.breakChecks(false);
            assertThat(ServedTopology.type(lines)).as("while it may").isEqualTo("heartbeat");
            served.withdraw();
            assertThat(ServedTopology.isOver(lines)).isTrue();
        }
    }

    @Test
    void goesOnWhereAStreamEnded() throws IOException, InterruptedException {
        served.hub().publish(ServedTopology.ORDERS, HubTopologies.topology(1, 1));
        String position;
        try (BufferedReader lines = served.stream("?since=")) {
            JsonNode snapshot = ServedTopology.next(lines);
            assertThat(snapshot.get("type").asText()).isEqualTo("snapshot");
            position = snapshot.get("position").asText();
        }
        try (BufferedReader lines = served.stream("?since=" + position)) {
            JsonNode resumed = ServedTopology.next(lines);
            assertThat(resumed.get("type").asText()).as("nothing changed").isEqualTo("resumed");
            assertThat(resumed.get("position").asText()).isEqualTo(position);
        }
        served.hub().publish(ServedTopology.ORDERS, HubTopologies.topology(5, 1));
        served.hub().publish(ServedTopology.ORDERS, HubTopologies.topology(6, 1));
        try (BufferedReader lines = served.stream("?since=" + position)) {
            JsonNode change = ServedTopology.next(lines);
            assertThat(change.at("/shard/term").asLong()).isEqualTo(6);
            JsonNode resumed = ServedTopology.next(lines);
            assertThat(resumed.get("type").asText()).isEqualTo("resumed");
            assertThat(resumed.get("position").asText())
                    .isEqualTo(change.get("position").asText());
            served.hub().publish(ServedTopology.ORDERS, HubTopologies.topology(7, 1));
            assertThat(ServedTopology.next(lines).at("/shard/term").asLong()).isEqualTo(7);
        }
        try (BufferedReader lines = served.stream("?since=of-another-process.1")) {
            assertThat(ServedTopology.type(lines)).isEqualTo("snapshot");
        }
        assertThat(served.counted("pgmosaic.operator.topology.resumes")).isEqualTo(2);
        assertThat(served.counted("pgmosaic.operator.topology.full.states")).isEqualTo(2);
    }
}
