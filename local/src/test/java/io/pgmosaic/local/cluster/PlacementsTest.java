package io.pgmosaic.local.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.fabric8.kubernetes.api.model.Pod;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

/** Regions, times and a dedicated shard, from the declared spec to the rows: router and databases agree on each. */
class PlacementsTest {
    private static final String CLUSTER = "placed";
    private static final List<String> SHARDS = List.of("eu-0", "eu-acme", "us-old", "us-new");
    private static final String SHARDING = """
            sharding: {defaultRegion: eu, placements: [\
            {region: eu, shards: [eu-0], dedicatedShards: [eu-acme]}, \
            {region: us, tier: cold, until: '2026-01-01T00:00:00Z', shards: [us-old]}, \
            {region: us, tier: hot, from: '2026-01-01T00:00:00Z', until: '2027-01-01T00:00:00Z', shards: [us-new]}], \
            overrides: [{key: [acme], shard: eu-acme}], \
            tables: [{name: orders, key: [\
            {column: region, type: Text, role: Region}, {column: at, type: Timestamp, role: Time}, \
            {column: tenant, type: Text}, {column: id, type: BigInt, role: Detail}]}]}""";
    private static final String INIT_SQL = """
            initSql: {sql: 'CREATE TABLE orders (region text NOT NULL, at timestamptz NOT NULL, tenant text NOT NULL, \
            id bigint NOT NULL, PRIMARY KEY (region, at, tenant, id))'}""";

    /** A row, and the shard that it belongs on; on none when that is empty. */
    private record Placed(String region, String at, String tenant, String shard) {}

    private static final List<Placed> ROWS = List.of(
            new Placed("eu", "2025-05-01T00:00:00Z", "bob", "eu-0"),
            new Placed("eu", "2099-05-01T00:00:00Z", "bob", "eu-0"),
            new Placed("eu", "2026-05-01T00:00:00Z", "acme", "eu-acme"),
            new Placed("us", "2025-12-31T23:59:59.999999Z", "bob", "us-old"),
            new Placed("us", "2026-01-01T01:00:00+02:00", "bob", "us-old"),
            new Placed("us", "2026-01-01T00:00:00Z", "acme", "us-new"),
            new Placed("us", "2027-01-01T00:00:00Z", "bob", ""),
            new Placed("mars", "2026-05-01T00:00:00Z", "bob", ""));

    @RegisterExtension
    static final OneLocalCluster ONE = new OneLocalCluster("placements");

    private final HttpClient http = HttpClient.newHttpClient();

    @Test
    void aGroupIsAddedLater() throws SQLException {
        String users = "tables: [{name: users, key: [{column: id, type: BigInt}]}]";
        String[] fields = {
            "shards: {count: 2}",
            "instancesPerShard: 1",
            "replication: {mode: Async}",
            "initSql: {sql: 'CREATE TABLE users (id bigint PRIMARY KEY); CREATE TABLE lines (id bigint PRIMARY KEY)'}",
            "sharding: {" + users + "}"
        };
        TestCluster cluster = TestCluster.create(ONE.local(), "grouped", fields);
        cluster.awaitReady();
        fields[4] = "sharding: {" + users + ", groups: [{name: log, placements: [{shards: [s1]}], "
                + "tables: [{name: lines, key: [{column: id, type: BigInt}]}]}]}";
        cluster.apply(fields);
        cluster.awaitThat(found -> found.getStatus().shards().stream()
                .allMatch(shard -> shard.schema() != null && shard.schema().guardMapVersion() == 2));
        cluster.awaitReady();
        try (Connection first = cluster.applicationOn("grouped-s0-0");
                Connection second = cluster.applicationOn("grouped-s1-0")) {
            for (int id = 0; id < 20; id++) {
                String line = "INSERT INTO lines VALUES (" + id + ")";
                assertThat(isAccepted(first, line)).isFalse();
                assertThat(isAccepted(second, line)).isTrue();
                String user = "INSERT INTO users VALUES (" + id + ")";
                assertThat(isAccepted(first, user)).isNotEqualTo(isAccepted(second, user));
            }
        }
    }

    @Test
    void everyRowHasOnePlaceOrNone() throws SQLException, IOException, InterruptedException {
        TestCluster cluster = TestCluster.create(
                ONE.local(),
                CLUSTER,
                "shards: {names: [" + String.join(", ", SHARDS) + "]}",
                "instancesPerShard: 1",
                "replication: {mode: Async}",
                SHARDING,
                INIT_SQL);
        cluster.awaitReady();
        Pod pod = ONE.local().startRouter(TestCluster.NAMESPACE, CLUSTER);
        try {
            URI router = await().atMost(Duration.ofSeconds(60))
                    .until(() -> ONE.local().routerAddress(pod).orElse(null), Objects::nonNull);
            int id = 0;
            for (Placed row : ROWS) {
                assertThat(routed(router, row)).as("the router of %s", row).isEqualTo(row.shard());
                for (String shard : SHARDS) {
                    try (Connection application = cluster.applicationOn(CLUSTER + "-" + shard + "-0")) {
                        assertThat(accepts(application, row, id++))
                                .as("shard %s of %s", shard, row)
                                .isEqualTo(shard.equals(row.shard()));
                    }
                }
            }
        } finally {
            ONE.local().client().resource(pod).withGracePeriod(0).delete();
        }
    }

    /** From an application's request at its router, through an operator, to what the databases accept; and back. */
    @Test
    void aTenantIsGivenAShardOfItsOwnAndTakenBack() throws SQLException, IOException, InterruptedException {
        TestCluster cluster = TestCluster.create(
                ONE.local(),
                "tenants",
                "shards: {names: [s0, s1, acme]}",
                "instancesPerShard: 1",
                "replication: {mode: Async}",
                "initSql: {sql: 'CREATE TABLE orders (tenant text NOT NULL, id bigint NOT NULL, PRIMARY KEY (tenant, id))'}",
                "sharding: {directory: {}, placements: [{shards: [s0, s1], dedicatedShards: [acme]}], "
                        + "tables: [{name: orders, key: [{column: tenant, type: Text}, "
                        + "{column: id, type: BigInt, role: Detail}]}]}");
        cluster.awaitReady();
        Pod pod = ONE.local().startRouter(TestCluster.NAMESPACE, "tenants");
        try (Connection acme = cluster.applicationOn("tenants-acme-0");
                Connection first = cluster.applicationOn("tenants-s0-0");
                Connection second = cluster.applicationOn("tenants-s1-0")) {
            URI router = await().atMost(Duration.ofSeconds(60))
                    .until(() -> ONE.local().routerAddress(pod).orElse(null), Objects::nonNull);
            String home = await().atMost(Duration.ofSeconds(30))
                    .until(() -> shardOf(router, "bob"), shard -> !shard.isEmpty());
            Connection ruled = home.equals("s0") ? first : second;
            Connection other = home.equals("s0") ? second : first;

            assertThat(directory(router, "PUT", "bob", "acme")).isEqualTo("200 done");
            assertThat(directory(router, "PUT", "bob", "acme")).isEqualTo("200 unchanged");
            assertThat(shardOf(router, "bob")).isEqualTo("acme");
            assertThat(isAccepted(ruled, "INSERT INTO orders VALUES ('bob', 1)"))
                    .isFalse();
            assertThat(isAccepted(other, "INSERT INTO orders VALUES ('bob', 1)"))
                    .isFalse();
            assertThat(isAccepted(acme, "INSERT INTO orders VALUES ('bob', 1)")).isTrue();
            assertThat(isAccepted(acme, "INSERT INTO orders VALUES ('carol', 1)"))
                    .isFalse();

            assertThat(directory(router, "DELETE", "bob", null))
                    .startsWith("409")
                    .contains("public.orders");
            TestCluster.run(acme, "DELETE FROM orders WHERE tenant = 'bob'");
            assertThat(directory(router, "DELETE", "bob", null)).isEqualTo("200 done");
            assertThat(shardOf(router, "bob")).isEqualTo(home);
            assertThat(isAccepted(acme, "INSERT INTO orders VALUES ('bob', 2)")).isFalse();
            assertThat(isAccepted(ruled, "INSERT INTO orders VALUES ('bob', 2)"))
                    .isTrue();
            assertThat(directory(router, "PUT", "bob", "acme"))
                    .as("bob has rows")
                    .startsWith("409");
            assertThat(shardOf(router, "bob")).isEqualTo(home);
        } finally {
            ONE.local().client().resource(pod).withGracePeriod(0).delete();
        }
    }

    /** Where the key is now, asked of those who know; empty while nobody tells. */
    private String shardOf(URI router, String tenant) throws IOException, InterruptedException {
        return ask(HttpRequest.newBuilder(
                        router.resolve("/v1/route?table=orders&refresh=true&wait=5000&key=" + tenant)))
                .path("shard")
                .asText();
    }

    /** Status and outcome, or status and what is in the way. */
    private String directory(URI router, String method, String tenant, @Nullable String shard)
            throws IOException, InterruptedException {
        String entry = "{\"key\": [\"" + tenant + "\"]" + (shard == null ? "" : ", \"shard\": \"" + shard + "\"") + "}";
        JsonNode answer = ask(HttpRequest.newBuilder(router.resolve("/v1/directory"))
                .method(
                        method,
                        HttpRequest.BodyPublishers.ofString("{\"table\": \"orders\", \"entries\": [" + entry + "]}")));
        JsonNode result = answer.path("results").path(0);
        return answer.path("status").isMissingNode()
                ? result.path("status").asText() + " " + result.path("outcome").asText()
                : answer.path("status").asText() + " " + answer.path("detail").asText();
    }

    private JsonNode ask(HttpRequest.Builder request) throws IOException, InterruptedException {
        return new JsonMapper()
                .readTree(http.send(request.build(), HttpResponse.BodyHandlers.ofString())
                        .body());
    }

    /** The shard that the router names; empty when it refuses the key. */
    private String routed(URI router, Placed row) throws IOException, InterruptedException {
        String query = "/v1/route?table=orders&key=" + row.region() + "&key="
                + URLEncoder.encode(row.at(), StandardCharsets.UTF_8) + "&key=" + row.tenant();
        HttpResponse<String> response =
                http.send(HttpRequest.newBuilder(router.resolve(query)).build(), HttpResponse.BodyHandlers.ofString());
        JsonNode body = new JsonMapper().readTree(response.body());
        assertThat(body.path("type").asText())
                .isEqualTo(row.shard().isEmpty() ? "urn:pgmosaic:problem:unplaced-key" : "");
        return body.path("shard").asText();
    }

    private static boolean accepts(Connection application, Placed row, int id) {
        return isAccepted(
                application,
                "INSERT INTO orders VALUES ('%s', '%s', '%s', %d)".formatted(row.region(), row.at(), row.tenant(), id));
    }

    private static boolean isAccepted(Connection application, String insert) {
        SQLException refused = catchThrowableOfType(SQLException.class, () -> TestCluster.run(application, insert));
        if (refused != null) {
            assertThat(refused.getSQLState()).as("%s", refused).isEqualTo("MO001");
        }
        return refused == null;
    }
}
