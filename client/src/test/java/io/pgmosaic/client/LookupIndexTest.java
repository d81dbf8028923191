package io.pgmosaic.client;

import io.pgmosaic.client.FakeRouter.Answer;
import io.pgmosaic.routing.guard.Guard;
import io.pgmosaic.routing.guard.GuardedTable;
import io.pgmosaic.routing.guard.LookupSchema;
import io.pgmosaic.routing.key.KeyColumn;
import io.pgmosaic.routing.key.KeySchema;
import io.pgmosaic.routing.key.KeyType;
import io.pgmosaic.routing.map.ShardMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Users with addresses, on two shards. */
class LookupIndexTest extends ClientHarness {
    private static final GuardedTable USERS =
            new GuardedTable("public", "users", KeySchema.of(new KeyColumn("id", KeyType.BIGINT)));
    private static final GuardedTable ENTRIES = new GuardedTable(
            LookupSchema.SCHEMA, LookupSchema.ENTRIES, KeySchema.of(new KeyColumn(LookupSchema.VALUE, KeyType.TEXT)));

    private LookupIndex index;

    @BeforeEach
    void declare() throws SQLException {
        var onTable = new io.pgmosaic.routing.guard.LookupIndex("by-email", USERS, "email");
        ShardMap map = GuardedShards.recipe(1, GuardedShards.NAMES).compile(List.of(USERS.key(), ENTRIES.key()));
        for (String shard : GuardedShards.NAMES) {
            shards.run(shard, "CREATE TABLE users (id bigint PRIMARY KEY, email text)");
            shards.run(shard, "INSERT INTO mosaic.lookup_secret (secret) VALUES ('secret')");
            shards.run(shard, Guard.of(map, shard).install(List.of(USERS, ENTRIES), GuardedShards.LOCK_TIMEOUT));
            shards.run(shard, onTable.install(GuardedShards.LOCK_TIMEOUT));
            shards.run(shard, onTable.complete());
        }
        Map<String, Object> told = new HashMap<>(shards.map());
        told.put(
                "tables",
                List.of(
                        Map.of(
                                "schema",
                                "public",
                                "name",
                                "users",
                                "key",
                                List.of(Map.of("column", "id", "type", "BIGINT")),
                                "lookupIndexes",
                                List.of(Map.of("name", "by-email", "column", "email"))),
                        Map.of(
                                "schema",
                                "mosaic",
                                "name",
                                "lookup_entries",
                                "key",
                                List.of(Map.of("column", "value", "type", "TEXT")),
                                "lookupIndexes",
                                List.of())));
        shards.router().says("/v1/map", told);
        index = client.index("by-email");
    }

    private static TableKey user(long id) {
        return TableKey.of("users", id);
    }

    private void insert(long id, String email, String ticket) throws SQLException {
        client.inTransaction(user(id), connection -> {
            LookupIndex.show(connection, ticket);
            try (PreparedStatement statement = connection.prepareStatement("INSERT INTO users VALUES (?, ?)")) {
                statement.setLong(1, id);
                statement.setString(2, email);
                return statement.executeUpdate();
            }
        });
    }

    @Test
    void reservesAValueForRowsOfOneKey() throws SQLException {
        for (long id = 1; id <= 8; id++) {
            String email = "user" + id + "@x.org";
            insert(id, email, index.reserve(email, user(id)));
            long other = id + 100;
            assertThatThrownBy(() -> index.reserve(email, user(other)))
                    .isInstanceOf(ValueTakenException.class)
                    .hasMessageContaining("by-email");
        }
        for (String shard : GuardedShards.NAMES) {
            assertThat(shards.count(shard, "SELECT count(*) FROM users"))
                    .as("users on " + shard)
                    .isPositive();
            assertThat(shards.count(shard, "SELECT count(*) FROM mosaic.lookup_entries"))
                    .as("entries on " + shard)
                    .isPositive();
        }
        assertThat(shards.router().requests("/v1/route"))
                .as("a table with an index is no reason to ask")
                .isEmpty();
    }

    @Test
    void aTicketIsForItsValueAndKeyAlone() throws SQLException {
        String ticket = index.reserve("ann@x.org", user(1));
        assertThat(index.reserve("ann@x.org", user(1))).as("again").isNotEqualTo(ticket);
        assertThatThrownBy(() -> insert(1, "bob@x.org", ticket))
                .isInstanceOfSatisfying(SQLException.class, refused -> assertThat(refused.getSQLState())
                        .isEqualTo(LookupSchema.NOT_RESERVED));
        insert(1, "ann@x.org", ticket);
    }

    @Test
    void findsTheKeyOfAValue() throws SQLException {
        shards.router()
                .says(
                        "/v1/lookup/by-email",
                        Map.of("index", "by-email", "table", "public.users", "key", List.of("7"), "shard", "s1"));
        assertThat(index.find("ann+1@x.org")).contains(new TableKey("public.users", List.of("7")));
        assertThat(index.findNow("ann+1@x.org")).contains(new TableKey("public.users", List.of("7")));
    }

    @Test
    void saysThatThereIsNoneOnlyWhenTheRouterDoes() throws SQLException {
        problem("value-not-found", 404);
        assertThat(index.find("ann@x.org")).isEmpty();
        problem("unknown-index", 404);
        assertThatThrownBy(() -> index.find("ann@x.org")).isInstanceOf(IllegalArgumentException.class);
        problem("index-unavailable", 503);
        assertThatThrownBy(() -> index.find("ann@x.org"))
                .isInstanceOfSatisfying(SQLException.class, failed -> assertThat(failed.getSQLState())
                        .isEqualTo("08001"));
    }

    private void problem(String type, int status) {
        shards.router()
                .on(
                        "/v1/lookup/by-email",
                        request -> new Answer(
                                status, Map.of("type", "urn:pgmosaic:problem:" + type, "detail", "what is wrong")));
    }
}
