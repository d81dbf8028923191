package io.pgmosaic.operator.split.copy;

import io.pgmosaic.operator.split.schema.DdlRefusal;
import io.pgmosaic.operator.split.schema.SchemaRefusedException;
import io.pgmosaic.operator.split.schema.SchemaSource;
import io.pgmosaic.operator.split.schema.SchemaSource.Section;
import io.pgmosaic.operator.split.schema.SchemaTransfer;
import io.pgmosaic.operator.split.schema.SplitBookkeeping;
import io.pgmosaic.routing.guard.Guard;
import io.pgmosaic.routing.guard.GuardChange;
import io.pgmosaic.routing.guard.GuardedTable;
import io.pgmosaic.routing.hash.PostgresHash;
import io.pgmosaic.routing.key.KeyColumn;
import io.pgmosaic.routing.key.KeySchema;
import io.pgmosaic.routing.key.KeyType;
import io.pgmosaic.routing.map.HashRanges;
import io.pgmosaic.routing.map.ShardMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.LongStream;

import static io.pgmosaic.operator.split.copy.TwoDatabases.NAMES;
import static io.pgmosaic.operator.split.copy.TwoDatabases.even;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

@Timeout(120)
class SchemaTransferTest {
    private static TwoDatabases both;

    @BeforeAll
    static void open() throws Exception {
        both = new TwoDatabases();
    }

    @AfterAll
    static void close() {
        both.close();
    }

    @AfterEach
    void clean() throws SQLException {
        both.clean();
    }

    private static SchemaTransfer transfer(String preData, String postData) {
        SchemaSource source = section -> section == Section.PRE_DATA ? preData : postData;
        return new SchemaTransfer(NAMES, both.from(), both.to(), source, "SELECT 1");
    }

    @Test
    void comesOnceAndBelongsToTheOwner() throws Exception {
        both.source.execute("INSERT INTO mosaic.init_sql (checksum, finished) VALUES ('of the source', true);"
                + " INSERT INTO mosaic.schema_migrations VALUES ('uid', 'expand', 1, 'm', 'c', 3, now(), now()),"
                + " ('uid', 'expand', 2, 'm', 'c', 3, now(), NULL);"
                + " INSERT INTO mosaic.backfills VALUES ('uid', '{1,\"a b\"}', 7, 9)");
        SchemaTransfer transfer = transfer(
                "SET row_security = off; CREATE TABLE public.items (id bigint, t text DEFAULT '{d ?}'::text);",
                "ALTER TABLE ONLY public.items ADD CONSTRAINT items_pkey PRIMARY KEY (id);");
        assertThat(transfer.isDone(Section.PRE_DATA)).isFalse();
        Callable<Boolean> attempt = () -> {
            transfer.ensure(Section.PRE_DATA);
            return transfer.isDone(Section.PRE_DATA);
        };
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Future<Boolean> one : threads.invokeAll(List.of(attempt, attempt, attempt))) {
                assertThat(one.get()).isTrue();
            }
        }
        transfer.ensure(Section.POST_DATA);
        transfer.ensure(Section.POST_DATA);
        assertThat(both.target.value("SELECT tableowner || hasindexes FROM pg_tables WHERE tablename = 'items'"))
                .isEqualTo("ownertrue");
        assertThat(both.target.value("SELECT checksum || finished FROM mosaic.init_sql"))
                .isEqualTo("of the sourcetrue");
        assertThat(both.target.value(
                        "SELECT string_agg(migration || step || statement, ' ') FROM mosaic.schema_migrations"))
                .as("what has run, and not what was begun")
                .isEqualTo("uidexpand1");
        assertThat(both.target.value("SELECT last_key[2] || rows_done FROM mosaic.backfills"))
                .isEqualTo("a b7");
    }

    @Test
    void nobodySeesATableWithoutItsGuard() throws Exception {
        GuardedTable items = new GuardedTable("public", "items", KeySchema.of(new KeyColumn("id", KeyType.BIGINT)));
        Guard own = Guard.of(ShardMap.of(7, HashRanges.even(List.of("s0", "s1", "s2"))), "s2");
        long other = LongStream.iterate(1, id -> id + 1)
                .filter(id -> PostgresHash.bigint(id, 0) < 0)
                .findFirst()
                .orElseThrow();
        String guard = new GuardChange("s2", 7, 1_000).install(List.of(new GuardChange.Guarded(items, own)));
        SchemaSource source = section -> section == Section.PRE_DATA ? "CREATE TABLE public.items (id bigint)" : "";
        new SchemaTransfer(NAMES, both.from(), both.to(), source, guard).ensure(Section.PRE_DATA);
        assertThatThrownBy(() -> both.target.asOwner("INSERT INTO items VALUES (" + other + ")"))
                .hasMessageContaining("shard s2 does not own the key in map version 7");
        assertThat(both.target.value("SELECT count(*) FROM mosaic.copied_guard"))
                .isEqualTo("0");
        assertThatThrownBy(() -> both.target.asOwner("SELECT mosaic.guard_copied('" + NAMES.stem() + "')"))
                .as("the owner has it done once more")
                .hasMessageContaining("no rows");
        both.target.execute("DELETE FROM mosaic.guard");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "CREATE EXTENSION pageinspect",
                "CREATE EVENT TRIGGER mine ON ddl_command_end EXECUTE FUNCTION f()",
                "GRANT SELECT ON items TO clerk_of_mine"
            })
    void namesWhatTheOwnerCannotMakeAndKeepsNothing(String statement) throws Exception {
        SchemaTransfer transfer = transfer(
                "SET search_path = public; CREATE FUNCTION f() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN END';"
                        + " CREATE TABLE items (id int); " + statement,
                "");
        String object = statement.contains("mine ") ? "mine" : statement.substring(statement.lastIndexOf(' ') + 1);
        for (int i = 0; i < 2; i++) {
            assertThatThrownBy(() -> transfer.ensure(Section.PRE_DATA))
                    .isInstanceOf(SchemaRefusedException.class)
                    .hasMessageContaining(object)
                    .hasMessageContaining("by hand");
        }
        assertThat(both.target.value("SELECT to_regclass('public.items')")).isEqualTo("null");
        assertThat(transfer.isDone(Section.PRE_DATA)).isFalse();
    }

    @Test
    void nobodyChangesTheSchemaWhileASplitRuns() throws Exception {
        both.make("CREATE TABLE items (id bigint PRIMARY KEY, t text);"
                + " CREATE TABLE parts (id bigint, PRIMARY KEY (id)) PARTITION BY RANGE (id);"
                + " CREATE TABLE parts_1 PARTITION OF parts FOR VALUES FROM (0) TO (10);"
                + " CREATE MATERIALIZED VIEW counted AS SELECT count(*) FROM items");
        for (int i = 0; i < 2; i++) {
            DdlRefusal.begin(both.from(), NAMES, "halve-s0", List.of(even("public", "items"), even("public", "parts")));
        }
        for (String ddl : List.of(
                "ALTER TABLE items ADD COLUMN x int",
                "DROP TABLE items CASCADE",
                "CREATE TABLE other (id int)",
                "CREATE INDEX ON items (t)",
                "GRANT SELECT ON items TO PUBLIC",
                "CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'",
                "COMMENT ON TABLE items IS 'x'",
                "TRUNCATE items",
                "TRUNCATE parts",
                "TRUNCATE parts_1")) {
            assertThatThrownBy(() -> both.source.asOwner(ddl))
                    .as(ddl)
                    .isInstanceOf(SQLException.class)
                    .hasMessageContaining("halve-s0")
                    .returns(SplitBookkeeping.SPLIT_RUNS, e -> ((SQLException) e).getSQLState());
            both.target.asOwner(ddl.contains("items") && ddl.startsWith("DROP") ? "SELECT 1" : ddl);
        }
        both.source.asOwner("CREATE TEMP TABLE mine (id int); CREATE INDEX ON mine (id); ALTER TABLE mine ADD x int;"
                + " DROP TABLE mine; REFRESH MATERIALIZED VIEW counted; REINDEX TABLE items;"
                + " INSERT INTO items VALUES (1, 'a'); CREATE TEMP TABLE also AS SELECT * FROM items");
        // What PgMosaic does itself: bookkeeping as the superuser, objects as the owner.
        SplitBookkeeping.ensure(both.from());
        try (var session = both.from().asMaker();
                var statement = session.createStatement()) {
            statement.execute("CREATE TABLE public.made (id int)");
        }
        DdlRefusal.end(both.from(), NAMES);
        DdlRefusal.end(both.from(), NAMES);
        both.source.asOwner("TRUNCATE items, parts; DROP TABLE made; ALTER TABLE items ADD COLUMN x int");
    }
}
