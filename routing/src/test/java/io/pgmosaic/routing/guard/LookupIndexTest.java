package io.pgmosaic.routing.guard;

import io.pgmosaic.routing.key.KeyColumn;
import io.pgmosaic.routing.key.KeySchema;
import io.pgmosaic.routing.key.KeyType;
import io.pgmosaic.routing.map.HashRanges;
import io.pgmosaic.routing.map.ShardMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

/** One shard that owns all: values are reserved, shown, held and set free. */
class LookupIndexTest {
    private static final GuardedTable USERS =
            new GuardedTable("public", "users", KeySchema.of(new KeyColumn("user_id", KeyType.BIGINT)));
    private static final GuardedTable ENTRIES = new GuardedTable(
            LookupSchema.SCHEMA, LookupSchema.ENTRIES, KeySchema.of(new KeyColumn(LookupSchema.VALUE, KeyType.TEXT)));
    private static final LookupIndex INDEX = new LookupIndex("by-email", USERS, "email");
    private static final ShardMap MAP = ShardMap.of(1, HashRanges.even(List.of("s0")));

    private GuardedDatabase database;

    @BeforeEach
    void create() throws SQLException {
        database = new GuardedDatabase();
        database.run("CREATE TABLE users (user_id bigint PRIMARY KEY, email text, name text)");
        database.run("INSERT INTO mosaic.lookup_secret (secret) VALUES ('secret')");
        database.run(Guard.of(MAP, "s0").install(List.of(USERS, ENTRIES), GuardedDatabase.LOCK_TIMEOUT));
        index();
    }

    private void index() throws SQLException {
        database.run(INDEX.install(GuardedDatabase.LOCK_TIMEOUT));
        database.run(INDEX.complete());
    }

    @AfterEach
    void close() throws SQLException {
        database.close();
    }

    private String reserve(String value, long key) throws SQLException {
        return String.join(
                ";",
                database.rows("SELECT * FROM mosaic.lookup_reserve('by-email', '" + value + "', '" + key + "', 's0')"));
    }

    private String ticket(String value, long key) throws SQLException {
        return database.one("SELECT mosaic.lookup_ticket('by-email', '" + value + "', '" + key + "', 's0')");
    }

    private String reserved(String value, long key) throws SQLException {
        assertThat(reserve(value, key)).isEqualTo("t," + key);
        return ticket(value, key);
    }

    private static String insert(long key, String value, String tickets) {
        return "DO $$ BEGIN SET LOCAL mosaic.tickets = '" + tickets + "'; INSERT INTO users VALUES (" + key + ", '"
                + value + "', 'x'); END $$";
    }

    private String held() throws SQLException {
        return String.join(" ", database.rows("SELECT value, key, state FROM mosaic.lookup_held"));
    }

    @Test
    void takesAReservedValueAndNoOther() throws SQLException {
        SQLException refusal = database.refusal("INSERT INTO users VALUES (1, 'a@x', 'Ann')");
        assertThat(refusal.getSQLState()).isEqualTo(LookupSchema.NOT_RESERVED);
        assertThat(refusal.getMessage()).contains("by-email").doesNotContain("a@x");
        String ticket = reserved("a@x", 1);
        for (String wrong :
                List.of(insert(2, "a@x", ticket), insert(1, "b@x", ticket), insert(1, "a@x", ticket + "0"))) {
            assertThat(database.refusal(wrong).getSQLState()).isEqualTo(LookupSchema.NOT_RESERVED);
        }
        database.run(insert(1, "a@x", "nonsense " + ticket));
        assertThat(held()).isEqualTo("a@x,1,h");
        assertThat(database.one("SELECT key FROM mosaic.lookup_find('by-email', 'a@x')"))
                .isEqualTo("1");
        database.run("INSERT INTO users VALUES (3, NULL, 'Nobody')");
    }

    @Test
    void aValueIsOfOneKey() throws SQLException {
        reserved("a@x", 1);
        assertThat(reserve("a@x", 2)).isEqualTo("f,1");
        assertThatThrownBy(() -> ticket("a@x", 2))
                .isInstanceOf(SQLException.class)
                .hasMessageContaining("not reserved");
    }

    @Test
    void aValueIsOfOneRow() throws SQLException {
        database.run("ALTER TABLE users DROP CONSTRAINT users_pkey");
        database.run(insert(1, "a@x", reserved("a@x", 1)));
        assertThat(database.refusal(insert(1, "a@x", reserved("a@x", 1))).getSQLState())
                .isEqualTo("23505");
    }

    @Test
    void aTicketIsOfACommittedReservation() throws SQLException {
        assertThat(database.refusal("BEGIN; SELECT mosaic.lookup_reserve('by-email', 'a@x', '1', 's0');"
                                + " SELECT mosaic.lookup_ticket('by-email', 'a@x', '1', 's0')")
                        .getSQLState())
                .isEqualTo("25001");
        database.run("ROLLBACK");
    }

    @Test
    void aTicketServesOnceAndNotAfterTheRowIsGone() throws SQLException {
        String ticket = reserved("a@x", 1);
        database.run(insert(1, "a@x", ticket));
        database.run("DELETE FROM users");
        assertThat(held()).isEqualTo("a@x,1,f");
        assertThat(database.refusal(insert(1, "a@x", ticket)).getSQLState()).isEqualTo(LookupSchema.NOT_RESERVED);
        database.run(insert(1, "a@x", reserved("a@x", 1)));
        assertThat(held()).isEqualTo("a@x,1,h");
    }

    @Test
    void followsAnUpdateOfTheValue() throws SQLException {
        database.run(insert(1, "a@x", reserved("a@x", 1)));
        database.run("UPDATE users SET name = 'Bea'");
        assertThat(database.refusal("UPDATE users SET email = 'b@x'").getSQLState())
                .isEqualTo(LookupSchema.NOT_RESERVED);
        String ticket = reserved("b@x", 1);
        database.run("DO $$ BEGIN SET LOCAL mosaic.tickets = '" + ticket + "'; UPDATE users SET email = 'b@x'; END $$");
        assertThat(held()).isEqualTo("a@x,1,f b@x,1,h");
        database.run("UPDATE users SET email = NULL");
        assertThat(held()).isEqualTo("a@x,1,f b@x,1,f");
    }

    @Test
    void aTriggerThatChangesTheValueIsNotMissed() throws SQLException {
        database.run(insert(1, "a@x", reserved("a@x", 1)));
        database.run("CREATE FUNCTION sly() RETURNS trigger LANGUAGE plpgsql AS"
                + " $$ BEGIN NEW.email := 'z@x'; RETURN NEW; END $$");
        database.run("CREATE TRIGGER sly BEFORE UPDATE ON users FOR EACH ROW EXECUTE FUNCTION sly()");
        assertThat(database.refusal("UPDATE users SET name = 'Bea'").getSQLState())
                .isEqualTo(LookupSchema.NOT_RESERVED);
    }

    @Test
    void anEmptiedTableHoldsNothing() throws SQLException {
        database.run(insert(1, "a@x", reserved("a@x", 1)));
        database.run("TRUNCATE users");
        assertThat(held()).isEqualTo("a@x,1,f");
    }

    @Test
    void aTransactionOfAnOlderSnapshotCannotUseWhatWasMadeVoid() throws Exception {
        String ticket = reserved("a@x", 1);
        try (Connection old = database.connect();
                Statement statement = old.createStatement()) {
            old.setAutoCommit(false);
            old.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
            statement.execute("SELECT count(*) FROM users");
            database.run("INSERT INTO mosaic.lookup_held SELECT idx, value, key, number, 'v', now()"
                    + " FROM mosaic.lookup_entries");
            statement.execute("SET LOCAL mosaic.tickets = '" + ticket + "'");
            assertThatThrownBy(() -> statement.execute("INSERT INTO users VALUES (1, 'a@x', 'x')"))
                    .isInstanceOfSatisfying(SQLException.class, refusal -> assertThat(refusal.getSQLState())
                            .isEqualTo("40001"));
            old.rollback();
        }
        assertThat(database.refusal(insert(1, "a@x", ticket)).getSQLState()).isEqualTo(LookupSchema.NOT_RESERVED);
    }

    @Test
    void whoMakesAReservationVoidWaitsForTheRowThatUsesIt() throws Exception {
        String ticket = reserved("a@x", 1);
        try (Connection writer = database.connect();
                Statement statement = writer.createStatement();
                Connection upkeep = database.connect();
                PreparedStatement settling = upkeep.prepareStatement(LookupSchema.SETTLE)) {
            writer.setAutoCommit(false);
            statement.execute("SET LOCAL mosaic.tickets = '" + ticket + "'");
            statement.execute("INSERT INTO users VALUES (1, 'a@x', 'x')");
            settling.setArray(1, upkeep.createArrayOf("text", new Object[] {"by-email"}));
            settling.setArray(2, upkeep.createArrayOf("text", new Object[] {"a@x"}));
            settling.setArray(3, upkeep.createArrayOf("text", new Object[] {"1"}));
            settling.setArray(4, upkeep.createArrayOf("int8", new Object[] {Long.MAX_VALUE}));
            CompletableFuture<String> settled = CompletableFuture.supplyAsync(() -> {
                try (ResultSet row = settling.executeQuery()) {
                    row.next();
                    return row.getString("state");
                } catch (SQLException e) {
                    throw new IllegalStateException(e);
                }
            });
            await().until(() -> database.one("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
                            + " AND datname = current_database()")
                    .equals("1"));
            writer.commit();
            assertThat(settled.get(10, TimeUnit.SECONDS)).isEqualTo(LookupSchema.HELD);
        }
        assertThat(held()).isEqualTo("a@x,1,h");
    }

    @Test
    void refusesWhatIsNoValueAndNoIndex() throws SQLException {
        for (String wrong : List.of(
                "'none', 'a', '1', 's0'",
                "'by-email', NULL, '1', 's0'",
                "'by-email', '', '1', 's0'",
                "'by-email', repeat('x', 1001), '1', 's0'",
                "'by-email', 'a', NULL, 's0'",
                "'by-email', 'a', '1', NULL")) {
            assertThat(database.refusal("SELECT mosaic.lookup_reserve(" + wrong + ")")
                            .getSQLState())
                    .isEqualTo("22023");
        }
    }

    @Test
    void findsRowsThatAreNotIndexed() throws SQLException {
        assertThat(database.one(INDEX.unindexed())).isEqualTo("f");
        assertThat(database.rows(INDEX.state())).containsExactly("t,t");
        database.run("ALTER TABLE users DISABLE TRIGGER \"mosaic_lookup_by-email_insert\"");
        assertThat(database.rows(INDEX.state())).containsExactly("t,f");
        database.run("INSERT INTO users VALUES (1, 'a@x', 'x')");
        assertThat(database.one(INDEX.unindexed())).isEqualTo("t");
    }

    @Test
    void aColumnKeepsTheTypeThatTheIndexTrusts() {
        assertThat(database.refusal("ALTER TABLE users ALTER COLUMN email TYPE name")
                        .getMessage())
                .contains("trigger");
    }
}
