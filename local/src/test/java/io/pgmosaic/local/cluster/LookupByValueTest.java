package io.pgmosaic.local.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.fabric8.kubernetes.api.model.Pod;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

/** A lookup index from the declared spec to an application that signs users up, finds them, and deletes them. */
class LookupByValueTest {
    private static final String VALUE = "ann@example.org";

    @RegisterExtension
    static final OneLocalCluster ONE = new OneLocalCluster("lookups");

    private final HttpClient http = HttpClient.newHttpClient();

    @Test
    void aUserIsFoundByAnAddressThatNobodyElseCanHave() throws SQLException, IOException, InterruptedException {
        TestCluster cluster = TestCluster.create(
                ONE.local(),
                "members",
                "shards: {count: 2}",
                "instancesPerShard: 1",
                "replication: {mode: Async}",
                "initSql: {sql: 'CREATE TABLE users (user_id bigint PRIMARY KEY, email text)'}",
                "sharding: {tables: [{name: users, key: [{column: user_id, type: BigInt}], "
                        + "lookupIndexes: [{name: users-by-email, column: email}]}]}");
        cluster.awaitReady();
        Pod pod = ONE.local().startRouter(TestCluster.NAMESPACE, "members");
        try (Connection first = cluster.applicationOn("members-s0-0");
                Connection second = cluster.applicationOn("members-s1-0")) {
            Map<String, Connection> shards = Map.of("s0", first, "s1", second);
            URI router = await().atMost(Duration.ofSeconds(60))
                    .until(() -> ONE.local().routerAddress(pod).orElse(null), Objects::nonNull);
            await().atMost(Duration.ofSeconds(30))
                    .until(() -> find(router).path("type").asText().endsWith("value-not-found"));
            String home = ask(router, "/v1/route?table=mosaic.lookup_entries&key=" + VALUE)
                    .path("shard")
                    .asText();
            Connection entries = Objects.requireNonNull(shards.get(home));
            // Each user on a shard of their own.
            long ann = userOn(router, "s0");
            long other = userOn(router, "s1");

            assertThat(catchThrowableOfType(SQLException.class, () -> insert(first, ann, "no.ticket"))
                            .getSQLState())
                    .isEqualTo("MO005");
            assertThat(reserve(entries, ann, "s0")).isTrue();
            assertThat(reserve(entries, other, "s1")).isFalse();
            insert(first, ann, ticket(entries, ann, "s0"));
            JsonNode found = find(router);
            assertThat(found.path("key").path(0).asText()).isEqualTo(Long.toString(ann));
            assertThat(found.path("shard").asText()).isEqualTo("s0");

            TestCluster.run(first, "DELETE FROM users");
            await().atMost(Duration.ofSeconds(60)).until(() -> reserve(entries, other, "s1"));
            insert(second, other, ticket(entries, other, "s1"));
            assertThat(find(router).path("key").path(0).asText()).isEqualTo(Long.toString(other));
        } finally {
            ONE.local().client().resource(pod).withGracePeriod(0).delete();
        }
    }

    private JsonNode find(URI router) throws IOException, InterruptedException {
        return ask(router, "/v1/lookup/users-by-email?refresh=true&value=" + VALUE);
    }

    private long userOn(URI router, String shard) throws IOException, InterruptedException {
        long user = 1;
        while (!ask(router, "/v1/route?table=users&key=" + user)
                .path("shard")
                .asText()
                .equals(shard)) {
            user++;
        }
        return user;
    }

    private JsonNode ask(URI router, String target) throws IOException, InterruptedException {
        return new JsonMapper()
                .readTree(http.send(
                                HttpRequest.newBuilder(router.resolve(target)).build(),
                                HttpResponse.BodyHandlers.ofString())
                        .body());
    }

    private static boolean reserve(Connection entries, long user, String shard) throws SQLException {
        return one(entries, "SELECT reserved FROM mosaic.lookup_reserve(" + arguments(user, shard) + ")")
                .equals("t");
    }

    private static String ticket(Connection entries, long user, String shard) throws SQLException {
        return one(entries, "SELECT mosaic.lookup_ticket(" + arguments(user, shard) + ")");
    }

    private static String arguments(long user, String shard) {
        return "'users-by-email', '" + VALUE + "', '" + user + "', '" + shard + "'";
    }

    private static void insert(Connection shard, long user, String ticket) throws SQLException {
        try (Statement statement = shard.createStatement()) {
            shard.setAutoCommit(false);
            statement.execute("SET LOCAL mosaic.tickets = '" + ticket + "'");
            statement.execute("INSERT INTO users VALUES (" + user + ", '" + VALUE + "')");
            shard.commit();
        } finally {
            shard.rollback();
            shard.setAutoCommit(true);
        }
    }

    private static String one(Connection connection, String query) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(query)) {
            row.next();
            return row.getString(1);
        }
    }
}
