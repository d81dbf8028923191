package io.pgmosaic.router.http;

import io.pgmosaic.router.harness.InformedRouter;
import io.pgmosaic.router.harness.RunningRouter;
import io.pgmosaic.router.harness.Topologies;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.file.Path;
import java.util.List;

import static org.assertj.core.api.Assertions.assertThat;

/** What clients report, and the metrics with the names and buckets that dashboards for sharded databases expect. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class OutcomesTest {
    private static final List<String> DURATION_BUCKETS =
            List.of("0.001", "0.005", "0.01", "0.025", "0.05", "0.1", "0.25", "0.5", "1.0", "+Inf");
    private static final List<String> SHARD_BUCKETS =
            List.of("1.0", "2.0", "4.0", "8.0", "16.0", "32.0", "64.0", "+Inf");

    private InformedRouter informed;
    private RunningRouter router;

    @BeforeAll
    void start(@TempDir Path folder) {
        informed = InformedRouter.start(folder, Topologies.healthy());
        router = informed.router();
    }

    @AfterAll
    void stop() {
        informed.close();
    }

    @Test
    void bringsEveryMetricOfShardedDatabases() {
        router.get("/v1/route?table=orders&key=42");
        router.get("/v1/shards");
        router.post("/v1/route", "{\"table\": \"orders\", \"keys\": [1, 2, 3, 4, 5, 6, 7, 8, 9]}");
        RunningRouter.Reply reply = router.post("/v1/outcomes", """
                {"client": "shop", "outcomes": [
                  {"shard": "s1", "server": "orders-s1-0", "intent": "write", "outcome": "ok", "durationMillis": 12.5},
                  {"shard": "s1", "intent": "write", "outcome": "timeout", "durationMillis": 2000, "count": 3, "priority": 9},
                  {"shard": "gone", "intent": "read", "outcome": "error", "durationMillis": 1}],
                 "pools": [{"shard": "s0", "active": 3, "idle": 2, "waiting": 1}, {"shard": "lost", "active": 1}],
                 "scatters": [{"shards": 3}]}
                """);
        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.body()).hasToString("{\"taken\":4,\"unknownShards\":[\"gone\",\"lost\"],\"refused\":{}}");
        router.post("/v1/outcomes", """
                {"client": "batch", "pools": [{"shard": "s0", "active": 4}]}
                """);
        List<String> metrics = router.text("/metrics").lines().toList();
        for (String bucket : DURATION_BUCKETS) {
            assertThat(metrics)
                    .contains("shard_request_duration_seconds_bucket{operation=\"write\",shard_id=\"s1\",le=\"" + bucket
                            + "\"} " + (bucket.equals("+Inf") ? 4 : Double.parseDouble(bucket) < 0.0125 ? 0 : 1));
        }
        assertThat(bucketsOf(metrics, "shard_request_duration_seconds_bucket{operation=\"write\",shard_id=\"s1\""))
                .isEqualTo(DURATION_BUCKETS);
        assertThat(bucketsOf(metrics, "scatter_gather_shards_count_bucket{")).isEqualTo(SHARD_BUCKETS);
        assertThat(metrics)
                .contains(
                        "# TYPE shard_request_duration_seconds histogram",
                        "# TYPE scatter_gather_shards_count histogram",
                        "# TYPE shard_requests_total counter",
                        "# TYPE shard_connection_pool_size gauge",
                        "# TYPE shard_replication_lag_seconds gauge",
                        "# TYPE cross_shard_queries_total counter",
                        "shard_connection_pool_size{pool_state=\"active\",shard_id=\"s0\"} 7.0",
                        "shard_connection_pool_size{pool_state=\"idle\",shard_id=\"s0\"} 2.0",
                        "shard_connection_pool_size{pool_state=\"waiting\",shard_id=\"s0\"} 1.0",
                        "pgmosaic_router_shard_outcomes_total{operation=\"write\",outcome=\"timeout\",shard_id=\"s1\"} 3.0",
                        "cross_shard_queries_total{query_type=\"batch\"} 1.0",
                        "cross_shard_queries_total{query_type=\"scatter_gather\"} 2.0",
                        "scatter_gather_shards_count_bucket{le=\"2.0\"} 1",
                        "scatter_gather_shards_count_bucket{le=\"4.0\"} 2");
        assertThat(metrics).noneMatch(line -> line.contains("gone") || line.contains("lost"));
    }

    private static List<String> bucketsOf(List<String> metrics, String series) {
        return metrics.stream()
                .filter(line -> line.startsWith(series))
                .map(line -> line.substring(line.indexOf("le=\"") + 4, line.lastIndexOf('"')))
                .toList();
    }

    @Test
    void countsRequestsThatNoLookupCounted() {
        double before = value("shard_requests_total{operation=\"read\",shard_id=\"s0\"}");
        String outcome = "\"outcomes\": [{\"shard\": \"s0\", \"intent\": \"read\", \"outcome\": \"ok\","
                + " \"durationMillis\": 1, \"count\": 20}]}";
        router.post("/v1/outcomes", "{\"routedBy\": \"router\", " + outcome);
        assertThat(value("shard_requests_total{operation=\"read\",shard_id=\"s0\"}"))
                .isEqualTo(before);
        router.post("/v1/outcomes", "{\"routedBy\": \"client\", " + outcome);
        assertThat(value("shard_requests_total{operation=\"read\",shard_id=\"s0\"}"))
                .isEqualTo(before + 20);
    }

    @Test
    void takesWhatClientsRefusedForNoRequest() {
        String counted = "shard_requests_total{operation=\"read\",shard_id=\"s0\"}";
        String timed = "shard_request_duration_seconds_count{operation=\"read\",shard_id=\"s0\"}";
        router.post(
                "/v1/outcomes",
                "{\"routedBy\": \"client\", \"outcomes\": [{\"shard\": \"s0\", \"intent\": \"read\","
                        + " \"outcome\": \"ok\", \"durationMillis\": 1}]}");
        double requests = value(counted);
        double durations = value(timed);
        String refused = "\"outcomes\": [{\"shard\": \"s0\", \"intent\": \"read\", \"outcome\": \"refused\","
                + " \"count\": 7, \"priority\": 2}]}";
        RunningRouter.Reply reply = router.post("/v1/outcomes", "{\"routedBy\": \"client\", " + refused);
        assertThat(reply.status()).isEqualTo(200);
        assertThat(value(counted)).isEqualTo(requests);
        assertThat(value(timed)).isEqualTo(durations);
        assertThat(value(
                        "pgmosaic_router_shard_outcomes_total{operation=\"read\",outcome=\"refused\",shard_id=\"s0\"}"))
                .isEqualTo(7);
        RunningRouter.Reply asked = router.post("/v1/outcomes", "{" + refused);
        assertThat(asked.status()).isEqualTo(400);
        assertThat(asked.body().at("/detail").asText()).contains("routedBy client");
    }

    private double value(String series) {
        return router.text("/metrics")
                .lines()
                .filter(line -> line.startsWith(series + " "))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' '))))
                .findFirst()
                .orElseThrow();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "[]",
                "{\"outcomes\": [null]}",
                "{\"outcomes\": [{}]}",
                "{\"outcomes\": [{\"shard\": \"s0\", \"intent\": \"read\", \"outcome\": \"ok\"}]}",
                "{\"outcomes\": [{\"shard\": \"s0\", \"intent\": \"scan\", \"outcome\": \"ok\", \"durationMillis\": 1}]}",
                "{\"outcomes\": [{\"shard\": \"s0\", \"intent\": \"read\", \"outcome\": \"fine\", \"durationMillis\": 1}]}",
                "{\"outcomes\": [{\"shard\": \"s0\", \"intent\": \"read\", \"outcome\": \"ok\", \"durationMillis\": -1}]}",
                "{\"outcomes\": [{\"shard\": \"s0\", \"intent\": \"read\", \"outcome\": \"ok\", \"durationMillis\": \"NaN\"}]}",
                "{\"outcomes\": [{\"shard\": \"s0\", \"intent\": \"read\", \"outcome\": \"ok\", \"durationMillis\": 1, \"count\": 0}]}",
                "{\"outcomes\": [{\"shard\": \"s0\", \"intent\": \"read\", \"outcome\": \"ok\", \"durationMillis\": 1, \"count\": 10001}]}",
                "{\"outcomes\": [{\"shard\": \"s0\", \"intent\": \"read\", \"outcome\": \"ok\", \"durationMillis\": 1, \"priority\": 11}]}",
                "{\"outcomes\": [{\"shard\": \"\", \"intent\": \"read\", \"outcome\": \"ok\", \"durationMillis\": 1}]}",
                "{\"routedBy\": \"nobody\"}",
                "{\"scatters\": [{\"shards\": 0}]}",
                "{\"pools\": [{\"shard\": \"s0\", \"active\": -1}]}",
                "{\"client\": \"\"}"
            })
    void refusesWhatIsNoReport(String body) {
        assertThat(router.post("/v1/outcomes", body).status()).isEqualTo(400);
    }

    @Test
    void refusesReportsThatAreTooLarge() {
        String outcome = "{\"shard\": \"s0\", \"intent\": \"read\", \"outcome\": \"ok\", \"durationMillis\": 1}";
        String many = "{\"outcomes\": [" + (outcome + ",").repeat(1_000) + outcome + "]}";
        assertThat(router.post("/v1/outcomes", many).status()).isEqualTo(400);
        String large = "{\"client\": \"" + "x".repeat(OutcomeReport.MAX_BYTES) + "\"}";
        assertThat(router.post("/v1/outcomes", large).status()).isEqualTo(413);
    }
}
