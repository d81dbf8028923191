package io.pgmosaic.routing.guard;

import io.pgmosaic.routing.key.KeyColumn;
import io.pgmosaic.routing.key.KeySchema;
import io.pgmosaic.routing.key.KeyType;
import io.pgmosaic.routing.map.HashRanges;
import io.pgmosaic.routing.map.HashRing;
import io.pgmosaic.routing.map.Partitioning;
import io.pgmosaic.routing.map.ShardMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/** Changing the guard: versions, locks, repair, removal. */
class GuardChangeTest {
    private static final KeySchema KEY = KeySchema.of(new KeyColumn("id", KeyType.BIGINT));
    private static final GuardedTable ORDERS = new GuardedTable("public", "orders", KEY);
    private static final GuardedTable ITEMS = new GuardedTable("public", "items", KEY);
    private static final Partitioning TWO = HashRanges.even(List.of("s0", "s1"));
    private static final Partitioning SWAPPED = HashRanges.even(List.of("s1", "s0"));
    private static final Partitioning RING = HashRing.of(List.of("s0", "s1"));

    /** Its hash is above 0, so the second of two even ranges owns it. */
    private static final long KEY_OF_S1 = 42;

    private GuardedDatabase database;

    @BeforeEach
    void createTables() throws SQLException {
        database = new GuardedDatabase();
        database.run("CREATE TABLE orders (id bigint); CREATE TABLE items (id bigint)");
    }

    @AfterEach
    void disconnect() throws SQLException {
        database.close();
    }

    private static String install(long version, Partitioning partitioning, GuardedTable... tables) {
        return Guard.of(ShardMap.of(version, partitioning), "s0")
                .install(List.of(tables), GuardedDatabase.LOCK_TIMEOUT);
    }

    private String state(String sql) {
        return database.refusal(sql).getSQLState();
    }

    @Test
    void aNewMapReplacesTheGuard() throws SQLException {
        database.run(install(1, TWO, ORDERS, ITEMS));
        String insert = "INSERT INTO orders VALUES (" + KEY_OF_S1 + ")";
        assertThat(state(insert)).isEqualTo("MO001");
        database.run(install(2, SWAPPED, ORDERS, ITEMS));
        database.run(insert);
        assertThat(database.one(GuardSchema.MAP + " WHERE version = 2")).isEqualTo("s0");
        assertThat(database.rows("SELECT table_name, map_version, intact FROM (" + GuardSchema.INSTALLED + ") AS i"))
                .containsExactly("items,2,t", "orders,2,t");
        assertThat(database.one("SELECT checksum FROM mosaic.guard WHERE table_name = 'orders'"))
                .isEqualTo(Guard.of(ShardMap.of(2, SWAPPED), "s0").checksum(ORDERS));
    }

    @Test
    void anOlderMapIsRefusedOnEveryTableAndChangesNothing() throws SQLException {
        database.run(install(5, TWO, ORDERS));
        assertThat(state(install(4, SWAPPED, ORDERS))).isEqualTo(GuardSchema.OLDER_MAP);
        assertThat(state(install(4, SWAPPED, ITEMS))).isEqualTo(GuardSchema.OLDER_MAP);
        assertThat(state(Guard.of(ShardMap.of(4, TWO), "s0").remove(List.of(ORDERS), 1_000)))
                .isEqualTo(GuardSchema.OLDER_MAP);
        assertThat(database.refusal(install(4, SWAPPED, ORDERS)).getMessage())
                .contains("map version 4 is older than version 5, which shard s0 has already");
        assertThat(state("INSERT INTO orders VALUES (" + KEY_OF_S1 + ")")).isEqualTo("MO001");
        database.run("INSERT INTO items VALUES (" + KEY_OF_S1 + ")");
        assertThat(database.one("SELECT count(*) FROM mosaic.guard")).isEqualTo("1");
    }

    @Test
    void anotherShardsGuardIsRefused() throws SQLException {
        database.run(install(5, TWO, ORDERS));
        SQLException refusal =
                database.refusal(Guard.of(ShardMap.of(6, TWO), "s1").install(List.of(ORDERS), 1_000));
        assertThat(refusal.getSQLState()).isEqualTo(GuardSchema.OTHER_SHARD);
        assertThat(refusal.getMessage()).contains("this database is shard s0, not shard s1");
    }

    @Test
    void installingAgainTouchesNothing() throws SQLException {
        database.run(install(5, RING, ORDERS));
        String fingerprint = "SELECT string_agg(oid || ':' || xmin, ',' ORDER BY oid) FROM pg_trigger";
        String before = database.one(fingerprint);
        database.run(GuardSchema.create(1_000));
        try (Connection writer = database.connect();
                Statement statement = writer.createStatement()) {
            writer.setAutoCommit(false);
            statement.execute("LOCK TABLE orders IN ROW EXCLUSIVE MODE");
            database.run(Guard.of(ShardMap.of(5, RING), "s0").install(List.of(ORDERS), 100));
        }
        assertThat(database.one(fingerprint)).isEqualTo(before);
    }

    @Test
    void aNewVersionThatChangesNothingLocksNoTable() throws SQLException {
        database.run(install(5, RING, ORDERS, ITEMS));
        String installedAt = database.one("SELECT max(installed_at)::text FROM mosaic.guard");
        try (Connection writer = database.connect();
                Statement statement = writer.createStatement()) {
            writer.setAutoCommit(false);
            statement.execute("LOCK TABLE orders, items IN ROW EXCLUSIVE MODE");
            database.run(Guard.of(ShardMap.of(6, RING), "s0").install(List.of(ORDERS, ITEMS), 100));
        }
        assertThat(database.rows("SELECT map_version, intact FROM (" + GuardSchema.INSTALLED + ") AS i"))
                .containsExactly("6,t");
        assertThat(database.one("SELECT max(installed_at)::text FROM mosaic.guard"))
                .isEqualTo(installedAt);
        String refusals = "DO $$ BEGIN FOR i IN 1..50 LOOP INSERT INTO orders VALUES (i); END LOOP; END $$";
        assertThat(database.refusal(refusals).getMessage()).contains("in map version 6");
    }

    @Test
    void whoMayNotReadTheGuardIsToldTheVersionToo() throws SQLException {
        database.run(install(5, TWO, ORDERS));
        database.run("GRANT USAGE ON SCHEMA mosaic TO PUBLIC; GRANT INSERT ON orders TO PUBLIC");
        SQLException refusal = database.refusal("BEGIN; CREATE ROLE nobody_in_particular;"
                + " SET LOCAL ROLE nobody_in_particular; INSERT INTO orders VALUES (" + KEY_OF_S1 + ")");
        assertThat(refusal.getSQLState()).isEqualTo("MO001");
        assertThat(refusal.getMessage()).contains("in map version 5");
        database.run("ROLLBACK");
    }

    /** Their triggers name the version, and there were no columns for what is frozen. */
    @Test
    void guardsOfEarlierReleasesAreTakenOver() throws SQLException {
        database.run(install(5, TWO, ORDERS));
        database.run("ALTER TABLE mosaic.shard_map DROP COLUMN frozen_version;"
                + " ALTER TABLE mosaic.guard DROP COLUMN frozen;"
                + " UPDATE mosaic.guard SET checksum = 'of an earlier release'");
        for (String event : List.of("delete", "insert", "update")) {
            database.run("CREATE OR REPLACE TRIGGER mosaic_guard_" + event + " AFTER " + event
                    + " ON orders FOR EACH ROW EXECUTE FUNCTION mosaic.refuse_row('\"public\".\"orders\"', 's0', '5')");
        }
        database.run(GuardSchema.create(1_000));
        String insert = "INSERT INTO orders VALUES (" + KEY_OF_S1 + ")";
        assertThat(database.refusal(insert).getMessage()).contains("in map version 5");
        database.run(install(5, TWO, ORDERS));
        assertThat(database.one("SELECT checksum FROM mosaic.guard"))
                .isEqualTo(Guard.of(ShardMap.of(6, TWO), "s0").checksum(ORDERS));
        database.run(install(6, TWO, ORDERS));
        assertThat(database.refusal(insert).getMessage()).contains("in map version 6");
    }

    @Test
    void repairsATriggerThatIsGoneOrDisabled() throws SQLException {
        database.run(install(5, TWO, ORDERS));
        database.run("ALTER TABLE orders DISABLE TRIGGER mosaic_guard_insert");
        assertThat(database.one("SELECT intact FROM (" + GuardSchema.INSTALLED + ") AS i"))
                .isEqualTo("f");
        database.run(install(5, TWO, ORDERS));
        assertThat(state("INSERT INTO orders VALUES (" + KEY_OF_S1 + ")")).isEqualTo("MO001");
        database.run("DROP TABLE orders; CREATE TABLE orders (id bigint)");
        database.run(install(5, TWO, ORDERS));
        assertThat(state("INSERT INTO orders VALUES (" + KEY_OF_S1 + ")")).isEqualTo("MO001");
    }

    @Test
    void aWriterInFlightHoldsTheChangeUpAndNothingSlipsPastIt() throws SQLException {
        database.run(install(1, SWAPPED, ORDERS));
        try (Connection writer = database.connect();
                Statement statement = writer.createStatement()) {
            writer.setAutoCommit(false);
            statement.execute("INSERT INTO orders VALUES (" + KEY_OF_S1 + ")");
            Guard next = Guard.of(ShardMap.of(2, TWO), "s0");
            assertThat(state(next.install(List.of(ITEMS, ORDERS), 100))).isEqualTo("55P03");
            assertThat(database.one("SELECT string_agg(version::text, ',') FROM mosaic.shard_map"))
                    .as("the change is undone as a whole")
                    .isEqualTo("1");
            writer.commit();
            database.run(next.install(List.of(ITEMS, ORDERS), 100));
            SQLException refusal = catchThrowableOfType(
                    SQLException.class, () -> statement.execute("INSERT INTO orders VALUES (" + KEY_OF_S1 + ")"));
            assertThat(refusal.getSQLState()).isEqualTo("MO001");
            assertThat(database.one(next.countMisplaced(ORDERS))).isEqualTo("1");
        }
    }

    @Test
    void removalOpensTheTableAndForgetsOneThatIsGone() throws SQLException {
        database.run(install(1, RING, ORDERS, ITEMS));
        database.run("DROP TABLE items");
        assertThat(database.rows("SELECT table_name, intact FROM (" + GuardSchema.INSTALLED + ") AS i"))
                .containsExactly("items,f", "orders,t");
        database.run(Guard.of(ShardMap.of(2, RING), "s0").remove(List.of(ORDERS, ITEMS), 1_000));
        for (int i = 0; i < 20; i++) {
            database.run("INSERT INTO orders VALUES (" + i + ")");
        }
        assertThat(database.one("SELECT count(*) FROM mosaic.guard")).isEqualTo("0");
        assertThat(database.one("SELECT count(*) FROM pg_proc WHERE proname LIKE 'owns%'"))
                .isEqualTo("0");
    }

    @Test
    void tablesShareAFunctionAndAnOldOneGoes() throws SQLException {
        database.run(install(1, RING, ORDERS, ITEMS));
        String functions = "SELECT string_agg(proname, ',') FROM pg_proc WHERE proname LIKE 'owns%'";
        String first = database.one(functions);
        assertThat(first).doesNotContain(",").startsWith("owns_");
        database.run(install(2, HashRing.of(List.of("s0", "s1", "s2")), ORDERS, ITEMS));
        assertThat(database.one(functions))
                .doesNotContain(",")
                .startsWith("owns_")
                .isNotEqualTo(first);
    }

    @Test
    void aTableThatDoesNotExistIsNamed() {
        SQLException refusal = database.refusal(install(1, TWO, new GuardedTable("public", "nowhere", KEY)));
        assertThat(refusal.getSQLState()).isEqualTo("42P01");
        assertThat(refusal.getMessage()).contains("nowhere");
    }

    @Test
    void refusesToWriteNonsense() {
        Guard guard = Guard.of(ShardMap.of(1, TWO), "s0");
        assertThatIllegalArgumentException().isThrownBy(() -> guard.install(List.of(ORDERS, ORDERS), 1_000));
        assertThatIllegalArgumentException().isThrownBy(() -> guard.install(List.of(ORDERS), 0));
        assertThatIllegalArgumentException().isThrownBy(() -> Guard.of(ShardMap.of(1, TWO), "s9"));
    }
}
