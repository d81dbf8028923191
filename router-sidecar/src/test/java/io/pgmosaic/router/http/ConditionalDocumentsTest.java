package io.pgmosaic.router.http;

import io.pgmosaic.protocol.Lsn;
import io.pgmosaic.protocol.instance.LogPosition;
import io.pgmosaic.protocol.topology.Replica;
import io.pgmosaic.protocol.topology.ShardTopology;
import io.pgmosaic.router.harness.InformedRouter;
import io.pgmosaic.router.harness.Topologies;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** Clients that keep the map and the servers ask for what is new, and are sent nothing when nothing is. */
class ConditionalDocumentsTest {
    private static final String QUERIES = "cross_shard_queries_total{query_type=\"scatter_gather\"} ";

    @ParameterizedTest
    @ValueSource(strings = {"/v1/map", "/v1/shards"})
    void whatIsKnownIsNotSentAgainUntilItChanges(String path, @TempDir Path folder) throws Exception {
        try (InformedRouter informed = InformedRouter.start(folder, Topologies.healthy());
                HttpClient http = HttpClient.newHttpClient()) {
            HttpResponse<String> first = get(http, informed, path, "\"none\"");
            String tag = first.headers().firstValue("etag").orElseThrow();
            assertThat(first.statusCode()).isEqualTo(200);
            assertThat(get(http, informed, path, tag).statusCode()).isEqualTo(304);
            assertThat(get(http, informed, path, tag).body()).isEmpty();
            informed.operator()
                    .publish(
                            Topologies.of(Topologies.map(2), Topologies.healthy("s0", 2), Topologies.healthy("s1", 1)));
            await().untilAsserted(() ->
                    assertThat(get(http, informed, path, tag).statusCode()).isEqualTo(200));
            assertThat(informed.router().text("/metrics")).doesNotContainPattern(Pattern.quote(QUERIES) + "[1-9]");
        }
    }

    @Test
    void tellsHowFarReplicasAre(@TempDir Path folder) {
        ShardTopology healthy = Topologies.healthy("s0", 3);
        Replica replica = new Replica(
                healthy.replicas().getFirst().server(), 20L, new LogPosition(3, Lsn.parse("16/B374D848")), 0L);
        try (InformedRouter informed = InformedRouter.start(
                folder,
                Topologies.of(
                        Topologies.map(1),
                        new ShardTopology("s0", 3, healthy.primary(), List.of(replica), null),
                        Topologies.healthy("s1", 1)))) {
            assertThat(informed.router()
                            .get("/v1/shards")
                            .body()
                            .at("/shards/0/replicas/0/position")
                            .toString())
                    .isEqualTo("{\"term\":3,\"lsn\":\"16/B374D848\"}");
        }
    }

    private static HttpResponse<String> get(HttpClient http, InformedRouter informed, String path, String tag)
            throws IOException, InterruptedException {
        return http.send(
                HttpRequest.newBuilder(URI.create(
                                "http://127.0.0.1:" + informed.router().port() + path))
                        .header("If-None-Match", tag)
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }
}
