package io.pgmosaic.routing.guard;

import io.pgmosaic.routing.key.Key;
import io.pgmosaic.routing.key.KeyColumn;
import io.pgmosaic.routing.key.KeySchema;
import io.pgmosaic.routing.key.KeyType;
import io.pgmosaic.routing.map.HashRanges;
import io.pgmosaic.routing.map.HashRing;
import io.pgmosaic.routing.map.Partitioning;
import io.pgmosaic.routing.map.ShardMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyManager;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

import java.io.IOException;
import java.io.StringReader;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.LongStream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/** What a client of a guarded shard meets, with a short predicate and with one in a function. */
class GuardTest {
    private static final List<String> SHARDS = List.of("s0", "s1");
    private static final GuardedTable ORDERS =
            new GuardedTable("public", "orders", KeySchema.of(new KeyColumn("id", KeyType.BIGINT)));

    private GuardedDatabase database;
    private long own;
    private long alsoOwn;
    private long foreign;

    /** Where the predicate lives. */
    enum Form {
        IN_THE_TRIGGER,
        IN_A_FUNCTION;

        Partitioning partitioning() {
            return this == IN_THE_TRIGGER ? HashRanges.even(SHARDS) : HashRing.of(SHARDS);
        }
    }

    @BeforeEach
    void createDatabase() throws SQLException {
        database = new GuardedDatabase();
    }

    @AfterEach
    void disconnect() throws SQLException {
        database.close();
    }

    private void guard(Form form, String createTable) throws SQLException {
        database.run(createTable);
        ShardMap map = ShardMap.of(7, form.partitioning());
        long[] owned = LongStream.range(1, 1000)
                .filter(key -> map.ownerOf(key).equals("s0"))
                .limit(2)
                .toArray();
        own = owned[0];
        alsoOwn = owned[1];
        foreign = LongStream.range(1, 1000)
                .filter(key -> map.ownerOf(key).equals("s1"))
                .findFirst()
                .orElseThrow();
        database.run(Guard.of(map, "s0").install(List.of(ORDERS), GuardedDatabase.LOCK_TIMEOUT));
    }

    /** Puts a row where it does not belong, past the guard. */
    private void misplace(long id) throws SQLException {
        database.run("BEGIN; SET LOCAL session_replication_role = replica; INSERT INTO orders (id, v) VALUES (" + id
                + ", 'misplaced'); COMMIT");
    }

    private void refuses(String sql) throws SQLException {
        var before = database.rows("SELECT * FROM orders");
        assertThat(database.refusal(sql).getSQLState()).as(sql).isEqualTo("MO001");
        assertThat(database.rows("SELECT * FROM orders")).as("after " + sql).isEqualTo(before);
    }

    @ParameterizedTest
    @EnumSource
    void refusesEveryWayToWriteAForeignRow(Form form) throws SQLException {
        guard(form, "CREATE TABLE orders (id bigint PRIMARY KEY, v text)");
        database.run("INSERT INTO orders VALUES (%d, 'a')".formatted(own));
        database.run("UPDATE orders SET v = 'b', id = %d".formatted(alsoOwn));
        refuses("INSERT INTO orders VALUES (%d, 'x')".formatted(foreign));
        refuses("INSERT INTO orders VALUES (%d, 'x'), (%d, 'y')".formatted(own, foreign));
        refuses("INSERT INTO orders VALUES (%d, 'x') ON CONFLICT (id) DO UPDATE SET id = %d"
                .formatted(alsoOwn, foreign));
        refuses("UPDATE orders SET id = %d".formatted(foreign));
        refuses("WITH gone AS (DELETE FROM orders RETURNING v) INSERT INTO orders SELECT %d, v FROM gone"
                .formatted(foreign));
        misplace(foreign);
        refuses("UPDATE orders SET v = 'c' WHERE id = %d".formatted(foreign));
        refuses("UPDATE orders SET id = %d WHERE id = %d".formatted(own, foreign));
        refuses("DELETE FROM orders WHERE id = %d".formatted(foreign));
        refuses("DELETE FROM orders");
        refuses("MERGE INTO orders USING (VALUES (%d)) AS s(id) ON orders.id = s.id WHEN MATCHED THEN DELETE"
                .formatted(foreign));
        database.run("DELETE FROM orders WHERE id = %d".formatted(alsoOwn));
        assertThat(database.rows("SELECT id FROM orders")).containsExactly(Long.toString(foreign));
    }

    @ParameterizedTest
    @EnumSource
    void saysWhichTableShardAndMapRefused(Form form) throws SQLException {
        guard(form, "CREATE TABLE orders (id bigint PRIMARY KEY, v text)");
        PSQLException refusal =
                (PSQLException) database.refusal("INSERT INTO orders VALUES (%d, 'x')".formatted(foreign));
        ServerErrorMessage said = refusal.getServerErrorMessage();
        assertThat(said).isNotNull();
        assertThat(said.getMessage())
                .isEqualTo(
                        "insert on table \"public\".\"orders\" refused: shard s0 does not own the key in map version 7");
        assertThat(said.getHint()).contains("stale").contains("retry");
        assertThat(said.getTable()).isEqualTo("orders");
    }

    @ParameterizedTest
    @EnumSource
    void aRefusedStatementLeavesNothingOfItsTransaction(Form form) throws SQLException {
        guard(form, "CREATE TABLE orders (id bigint PRIMARY KEY, v text); CREATE TABLE journal (v text)");
        assertThat(database.refusal(
                                "BEGIN; INSERT INTO journal VALUES ('x'); INSERT INTO orders VALUES (%d, 'x'),(%d, 'y'); COMMIT"
                                        .formatted(own, foreign))
                        .getSQLState())
                .isEqualTo("MO001");
        database.run("ROLLBACK");
        assertThat(database.one("SELECT (SELECT count(*) FROM orders) + (SELECT count(*) FROM journal)"))
                .isEqualTo("0");
    }

    @ParameterizedTest
    @EnumSource
    void refusesAKeyThatIsNull(Form form) throws SQLException {
        guard(form, "CREATE TABLE orders (id bigint, v text)");
        database.run("INSERT INTO orders VALUES (%d, 'a')".formatted(own));
        refuses("INSERT INTO orders VALUES (NULL, 'x')");
        refuses("UPDATE orders SET id = NULL");
    }

    @ParameterizedTest
    @EnumSource
    void checksTheRowThatIsStoredNotTheOneThatWasSent(Form form) throws SQLException {
        guard(form, "CREATE TABLE orders (id bigint, v text)");
        database.run("INSERT INTO orders VALUES (%d, 'a')".formatted(own));
        database.run("""
                CREATE FUNCTION moved() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN NEW.id := NEW.v::bigint; RETURN NEW; END';
                CREATE TRIGGER zzz BEFORE INSERT OR UPDATE ON orders FOR EACH ROW EXECUTE FUNCTION moved()
                """);
        refuses("INSERT INTO orders VALUES (%d, '%d')".formatted(own, foreign));
        refuses("UPDATE orders SET v = '%d'".formatted(foreign));
        database.run("INSERT INTO orders VALUES (%d, '%d')".formatted(foreign, own));
    }

    @ParameterizedTest
    @EnumSource
    void guardsEveryPartitionAlsoOneAttachedLater(Form form) throws SQLException {
        guard(form, """
                CREATE TABLE orders (id bigint, v text) PARTITION BY LIST (v);
                CREATE TABLE orders_a PARTITION OF orders FOR VALUES IN ('a');
                CREATE TABLE orders_b PARTITION OF orders FOR VALUES IN ('b', 'misplaced')
                """);
        database.run("CREATE TABLE orders_c (id bigint, v text)");
        database.run("ALTER TABLE orders ATTACH PARTITION orders_c FOR VALUES IN ('c')");
        database.run("INSERT INTO orders VALUES (%d, 'a')".formatted(own));
        database.run("UPDATE orders SET v = 'b'");
        database.run("UPDATE orders SET v = 'c', id = %d".formatted(alsoOwn));
        for (String partition : List.of("a", "b", "c")) {
            refuses("INSERT INTO orders VALUES (%d, '%s')".formatted(foreign, partition));
            refuses("INSERT INTO orders_%s VALUES (%d, '%s')".formatted(partition, foreign, partition));
            refuses("UPDATE orders SET id = %d, v = '%s'".formatted(foreign, partition));
        }
        misplace(foreign);
        refuses("UPDATE orders SET v = 'a', id = %d WHERE id = %d".formatted(own, foreign));
        refuses("DELETE FROM orders_b");
        database.run("DELETE FROM orders WHERE id = %d".formatted(alsoOwn));
    }

    @ParameterizedTest
    @EnumSource
    void nothingThatAUserDefinesIsTakenForABuiltIn(Form form) throws SQLException {
        database.run("""
                CREATE SCHEMA evil;
                CREATE FUNCTION evil.yes(bigint, bigint) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT true';
                CREATE OPERATOR evil.>= (LEFTARG = bigint, RIGHTARG = bigint, FUNCTION = evil.yes);
                CREATE OPERATOR evil.<= (LEFTARG = bigint, RIGHTARG = bigint, FUNCTION = evil.yes);
                CREATE OPERATOR evil.= (LEFTARG = bigint, RIGHTARG = bigint, FUNCTION = evil.yes);
                CREATE FUNCTION evil.hashint8extended(bigint, bigint) RETURNS bigint LANGUAGE sql IMMUTABLE AS 'SELECT 0::bigint';
                CREATE FUNCTION evil.width_bucket(bigint, bigint[]) RETURNS integer LANGUAGE sql IMMUTABLE AS 'SELECT 1';
                CREATE DOMAIN evil.int8 AS text;
                SET search_path = evil, pg_catalog, public
                """);
        guard(form, "CREATE TABLE public.orders (id bigint, v text)");
        assertThat(database.one("SHOW search_path")).isEqualTo("evil, pg_catalog, public");
        database.run("INSERT INTO public.orders VALUES (%d, 'a')".formatted(own));
        refuses("INSERT INTO public.orders VALUES (%d, 'x')".formatted(foreign));
    }

    @ParameterizedTest
    @EnumSource
    void textIsHashedByItsBytesWhateverTheColumnCallsEqual(Form form) throws SQLException {
        database.run("CREATE COLLATION any_case (provider = icu, locale = 'und-u-ks-level2', deterministic = false);"
                + " CREATE TABLE names (name text COLLATE any_case)");
        ShardMap map = ShardMap.of(1, form.partitioning());
        GuardedTable names = new GuardedTable("public", "names", KeySchema.of(new KeyColumn("name", KeyType.TEXT)));
        database.run(Guard.of(map, "s0").install(List.of(names), GuardedDatabase.LOCK_TIMEOUT));
        for (String name : List.of("anna", "Anna", "ANNA", "bert", "Bert", "BERT", "c", "C")) {
            assertThat(database.accepts("INSERT INTO names VALUES (?)", Key.text(name)))
                    .as(name)
                    .isEqualTo(map.ownerOf(Key.text(name)).equals("s0"));
        }
    }

    @ParameterizedTest
    @EnumSource
    void copyIsGuardedToo(Form form) throws SQLException, IOException {
        guard(form, "CREATE TABLE orders (id bigint PRIMARY KEY, v text)");
        try (Connection connection = database.connect()) {
            CopyManager copy = connection.unwrap(PGConnection.class).getCopyAPI();
            assertThat(copy.copyIn("COPY orders FROM STDIN", new StringReader(own + "\ta\n" + alsoOwn + "\tb\n")))
                    .isEqualTo(2);
            database.run("DELETE FROM orders");
            SQLException refusal = catchThrowableOfType(
                    SQLException.class,
                    () -> copy.copyIn("COPY orders FROM STDIN", new StringReader(own + "\ta\n" + foreign + "\tb\n")));
            assertThat(refusal.getSQLState()).isEqualTo("MO001");
        }
        assertThat(database.one("SELECT count(*) FROM orders")).isEqualTo("0");
    }
}
