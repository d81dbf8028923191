package io.pgmosaic.router.http;

import com.fasterxml.jackson.databind.JsonNode;
import io.pgmosaic.protocol.topology.ClusterTopology;
import io.pgmosaic.router.harness.InformedRouter;
import io.pgmosaic.router.harness.RunningRouter;
import io.pgmosaic.router.harness.RunningRouter.Reply;
import io.pgmosaic.router.harness.Topologies;
import io.pgmosaic.routing.key.Key;
import io.pgmosaic.routing.key.KeyValue;
import io.pgmosaic.routing.map.ShardMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

import java.net.URLEncoder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

/** Right answers to right questions, checked against the shard map itself. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LookupTest {
    private static final ClusterTopology TOPOLOGY = Topologies.healthy();
    private static final ShardMap MAP = TOPOLOGY.map()
            .compile(TOPOLOGY.tables().stream()
                    .map(table -> table.rowSchema().key())
                    .toList());

    private InformedRouter informed;
    private RunningRouter router;

    @BeforeAll
    void start(@TempDir Path folder) {
        informed = InformedRouter.start(folder, TOPOLOGY);
        router = informed.router();
    }

    @AfterAll
    void stop() {
        informed.close();
    }

    @Test
    void answersAWriteWithThePrimary() {
        // hashint8extended(42, 0) is 8010225493015854792: not negative, so s1.
        Reply reply = router.get("/v1/route?table=orders&key=42");
        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.contentType()).isEqualTo("application/json");
        assertThat(reply.body()).hasToString("""
                {"shard":"s1","term":1,"mapVersion":1,"database":"shop","intent":"write",\
                "server":{"instance":"orders-s1-0","host":"10.0.1.10","port":5432,"role":"primary"},\
                "primary":{"instance":"orders-s1-0","host":"10.0.1.10","port":5432},\
                "replicas":[{"instance":"orders-s1-1","host":"10.0.1.11","port":5432,"lagMillis":20},\
                {"instance":"orders-s1-2","host":"10.0.1.12","port":5432,"lagMillis":4000}]}""");
    }

    @Test
    void answersAReadWithTheLeastLaggingReplica() {
        JsonNode body =
                router.get("/v1/route?table=public.orders&key=42&intent=read").body();
        assertThat(body.at("/server/instance").asText()).isEqualTo("orders-s1-1");
        assertThat(body.at("/server/role").asText()).isEqualTo("replica");
        assertThat(body.at("/intent").asText()).isEqualTo("read");
    }

    @Test
    void agreesWithTheMapOnNumbers() {
        Random random = new Random(1);
        List<Long> keys = new ArrayList<>(List.of(0L, -1L, Long.MIN_VALUE, Long.MAX_VALUE));
        random.longs(200).forEach(keys::add);
        for (long key : keys) {
            assertThat(shard("table=orders&key=" + key)).as("key %d", key).isEqualTo(MAP.ownerOf(key));
        }
    }

    @Test
    void agreesWithTheMapOnTexts() {
        for (String key :
                List.of("a", "user_12345", "acme", "Zürich", "東京", "😀", "a b", "a+b", "50%", "a&b=c", "'; --", "\n")) {
            assertThat(shard("table=accounts&key=" + URLEncoder.encode(key, UTF_8)))
                    .as(key)
                    .isEqualTo(MAP.ownerOf(Key.text(key)));
        }
        assertThat(shard("table=accounts&key=acme")).as("the override").isEqualTo("s1");
        assertThat(shard("table=accounts&key=a%20b")).isEqualTo(shard("table=accounts&key=a+b"));
    }

    @Test
    void agreesWithTheMapOnUuids() {
        Random random = new Random(2);
        for (int i = 0; i < 100; i++) {
            UUID key = new UUID(random.nextLong(), random.nextLong());
            assertThat(shard("table=billing.payments&key=" + key)).isEqualTo(MAP.ownerOf(Key.uuid(key)));
        }
    }

    @Test
    void takesCompoundKeysInOrderOrByName() {
        for (int day = 0; day < 50; day++) {
            String expected = MAP.ownerOf(Key.of(new KeyValue.Text("zoë"), new KeyValue.Bigint(day)));
            assertThat(shard("table=events&key=zo%C3%AB&key=" + day)).isEqualTo(expected);
            assertThat(shard("key.day=" + day + "&table=events&key.tenant=zo%C3%AB"))
                    .isEqualTo(expected);
        }
    }

    @Test
    void readsAReferenceTableAnywhere() {
        Reply reply = router.get("/v1/route?table=countries&intent=read");
        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.body().at("/server/role").asText()).isEqualTo("replica");
    }

    @Test
    void answersTenThousandKeysInOrder() {
        Random random = new Random(3);
        long[] keys = random.longs(10_000).toArray();
        StringBuilder body = new StringBuilder("{\"keys\":[");
        for (int i = 0; i < keys.length; i++) {
            body.append(i == 0 ? "" : ",").append(i % 2 == 0 ? keys[i] : "\"" + keys[i] + "\"");
        }
        Reply reply = router.post("/v1/route", body + "],\"table\":\"orders\",\"intent\":\"read\"}");
        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.body().at("/results")).hasSize(keys.length);
        for (int i = 0; i < keys.length; i++) {
            assertThat(reply.body().at("/results/" + i + "/shard").asText()).isEqualTo(MAP.ownerOf(keys[i]));
        }
        assertThat(reply.body().at("/shards")).hasSize(2);
        assertThat(reply.body().at("/shards/0"))
                .isEqualTo(router.get("/v1/route?table=orders&intent=read&key=" + keys[0])
                        .body());
    }

    @Test
    void answersEachKeyOfABatchByItself() {
        Reply reply = router.post("/v1/route", """
                {"table":"events","keys":[["acme",1],["acme"],[7,1],"acme",["acme","1"],["acme",null],["acme",1.5],["",1]]}""");
        assertThat(reply.status()).isEqualTo(200);
        JsonNode results = reply.body().at("/results");
        String expected = MAP.ownerOf(Key.of(new KeyValue.Text("acme"), new KeyValue.Bigint(1)));
        assertThat(results.at("/0/shard").asText()).isEqualTo(expected);
        assertThat(results.at("/1/problem/detail").asText()).contains("2 columns (tenant, day), but 1 value was given");
        assertThat(results.at("/2/problem/detail").asText()).contains("tenant is not a number");
        assertThat(results.at("/3/problem/status").asInt()).isEqualTo(400);
        assertThat(results.at("/4/shard").asText()).isEqualTo(expected);
        assertThat(results.at("/5/problem/detail").asText()).contains("null");
        assertThat(results.at("/6/problem/detail").asText()).contains("day is not a whole number: \"1.5\"");
        assertThat(results.at("/7/problem/detail").asText()).contains("empty");
        assertThat(results).hasSize(8);
    }

    @Test
    void answersABatchOfUuidsAndOfAReferenceTable() {
        UUID key = new UUID(1, 2);
        assertThat(router.post("/v1/route", "{\"table\":\"billing.payments\",\"keys\":[\"" + key + "\"]}")
                        .body()
                        .at("/results/0/shard")
                        .asText())
                .isEqualTo(MAP.ownerOf(Key.uuid(key)));
        assertThat(router.post("/v1/route", "{\"table\":\"countries\",\"intent\":\"read\",\"keys\":[1]}")
                        .body()
                        .at("/results/0/shard")
                        .asText())
                .isIn("s0", "s1");
        assertThat(router.post("/v1/route", "{\"table\":\"orders\",\"keys\":[]}")
                        .body()
                        .at("/results"))
                .isEmpty();
    }

    @Test
    void listsAllShards() {
        JsonNode body = router.get("/v1/shards").body();
        assertThat(body.at("/shards")).hasSize(2);
        assertThat(body.at("/shards/1/shard").asText()).isEqualTo("s1");
        assertThat(body.at("/shards/1/read/instance").asText()).isEqualTo("orders-s1-1");
        assertThat(body.at("/shards/1/write/instance").asText()).isEqualTo("orders-s1-0");
        assertThat(body.at("/shards/1/replicas/1/lagMillis").asLong()).isEqualTo(4_000);
    }

    @Test
    void tellsTheMap() {
        JsonNode body = router.get("/v1/map").body();
        assertThat(body.at("/map/version").asLong()).isEqualTo(1);
        assertThat(body.at("/map/placements/0/ranges/1/from").asText()).isEqualTo("0");
        assertThat(body.at("/tables")).hasSize(4);
        assertThat(body.at("/referenceTables/0").asText()).isEqualTo("public.countries");
        assertThat(body.at("/publishedAt").asText()).isEqualTo("2026-05-04T10:00:00Z");
    }

    @Test
    void isAliveAndReady() {
        assertThat(router.get("/healthz").status()).isEqualTo(200);
        assertThat(router.get("/livez").status()).isEqualTo(200);
        JsonNode ready = router.get("/readyz").body();
        assertThat(ready.at("/source").asText()).isEqualTo("live");
        assertThat(ready.at("/connected").asBoolean()).isTrue();
        assertThat(ready.at("/mapVersion").asLong()).isEqualTo(1);
    }

    @Test
    void countsWhatItDoes() {
        router.get("/v1/route?table=orders&key=42&intent=read");
        router.get("/v1/route?table=nope&key=42");
        router.get("/v1/shards");
        assertThat(router.text("/metrics"))
                .contains(
                        "pgmosaic_router_lookups_total{intent=\"read\",outcome=\"answered\",table=\"public.orders\"}",
                        "pgmosaic_router_lookups_total{intent=\"write\",outcome=\"refused\",table=\"unknown\"}",
                        "shard_requests_total{operation=\"read\",shard_id=\"s1\"}",
                        "shard_replication_lag_seconds{replica_id=\"orders-s1-2\",shard_id=\"s1\"} 4.0",
                        "cross_shard_queries_total{query_type=\"scatter_gather\"}",
                        "pgmosaic_router_lookup_duration_seconds_bucket",
                        "pgmosaic_router_topology_connected 1.0",
                        "pgmosaic_router_topology_age_seconds",
                        "pgmosaic_router_map_version 1.0",
                        "pgmosaic_router_shard_term{shard_id=\"s1\"} 1.0")
                .doesNotContain("nope");
    }

    private String shard(String query) {
        Reply reply = router.get("/v1/route?" + query);
        assertThat(reply.status()).as("%s: %s", query, reply.body()).isEqualTo(200);
        return reply.body().at("/shard").asText();
    }
}
