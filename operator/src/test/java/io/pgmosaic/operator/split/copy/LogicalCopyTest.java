package io.pgmosaic.operator.split.copy;

import io.pgmosaic.operator.split.MovingTable;
import io.pgmosaic.operator.split.schema.SplitBookkeeping;
import io.pgmosaic.operator.split.stream.SplitStream;
import io.pgmosaic.operator.split.stream.StreamState;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

import static io.pgmosaic.operator.split.copy.TwoDatabases.NAMES;
import static io.pgmosaic.operator.split.copy.TwoDatabases.VERSION;
import static io.pgmosaic.operator.split.copy.TwoDatabases.content;
import static io.pgmosaic.operator.split.copy.TwoDatabases.even;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

@Timeout(120)
class LogicalCopyTest {
    private static final String ITEMS = "CREATE TABLE items (id bigint PRIMARY KEY, n int, t text);";
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

    @Test
    void copiesEveryKindOfRowAsItIs() throws Exception {
        both.make("""
                CREATE SCHEMA "odd ""one"" 1";
                CREATE TABLE "odd ""one"" 1"."Select * from" (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
                  "a ""b""\\" text, d date, f float8, n numeric, b bytea, z timestamptz, i interval, m money,
                  twice bigint GENERATED ALWAYS AS (id * 2) STORED, gone int);
                ALTER TABLE "odd ""one"" 1"."Select * from" DROP COLUMN gone;
                CREATE TABLE parts (id bigint, at date, PRIMARY KEY (id, at)) PARTITION BY RANGE (at);
                CREATE TABLE parts_1 PARTITION OF parts FOR VALUES FROM ('2026-01-01') TO ('2026-02-01');
                CREATE TABLE parts_2 PARTITION OF parts FOR VALUES FROM ('2026-02-01') TO ('2026-03-01');
                CREATE TABLE empty (id bigint PRIMARY KEY);
                CREATE TABLE big (id bigint PRIMARY KEY, t text);
                CREATE TABLE checked (id bigint PRIMARY KEY CHECK (id < 10), of bigint REFERENCES big);
                CREATE TABLE countries (id int PRIMARY KEY, name text);
                CREATE TABLE parent (id bigint PRIMARY KEY);
                CREATE TABLE child (own int) INHERITS (parent);
                """);
        both.source.execute("""
                ALTER DATABASE shop SET IntervalStyle = 'sql_standard'; ALTER DATABASE shop SET bytea_output = 'escape';
                ALTER DATABASE shop SET TimeZone = 'Asia/Tokyo'; ALTER DATABASE shop SET extra_float_digits = '-5';
                INSERT INTO "odd ""one"" 1"."Select * from" ("a ""b""\\", d, f, n, b, z, i, m)
                  SELECT E'a\\\\b\\tc\\n\\u00e4' || g, date '2026-01-01' + g, CASE g WHEN 1 THEN 'NaN' WHEN 2 THEN '-0' ELSE 1.0 / 3 END,
                    CASE g WHEN 2 THEN 1.00 ELSE 1.0 END, '\\x00ff', now(), '-1 mons +2 days', 12.34
                  FROM generate_series(1, 50) g;
                INSERT INTO "odd ""one"" 1"."Select * from" ("a ""b""\\") VALUES (''), (NULL), ('\\N'), ('\\.');
                INSERT INTO parts SELECT g, date '2026-01-01' + (g % 50)::int FROM generate_series(1, 100) g;
                INSERT INTO big SELECT g, (SELECT string_agg(md5(g::text || i), '') FROM generate_series(1, 9000) i)
                  FROM generate_series(1, 6) g;
                INSERT INTO checked SELECT g, g FROM generate_series(1, 6) g;
                INSERT INTO countries VALUES (1, 'one'), (2, 'two');
                INSERT INTO parent SELECT generate_series(1, 4); INSERT INTO child SELECT generate_series(5, 8), 1;
                """);
        MovingTable odd = even("odd \"one\" 1", "Select * from");
        MovingTable[] tables = {
            odd,
            even("public", "parts"),
            even("public", "empty"),
            even("public", "checked"),
            even("public", "big"),
            even("public", "parent"),
            even("public", "child"),
            MovingTable.reference("public", "countries")
        };
        try {
            CopyResult result = both.copy(tables);
            both.source.execute("ALTER DATABASE shop RESET ALL");
            assertThat(result.rows()).isEqualTo(27 + 50 + 0 + 3 + 3 + 2 + 2 + 2);
            for (MovingTable table : tables) {
                assertThat(content(both.target, table.qualifiedName()))
                        .as(table.qualifiedName())
                        .isEqualTo(content(both.source, table.qualifiedName()));
            }
            assertThat(both.target.value("SELECT count(*) FROM countries")).isEqualTo("2");
            assertThat(both.target.value("SELECT count(*) FROM child WHERE id % 2 = 1"))
                    .isEqualTo("0");
            assertThat(both.target.value("SELECT (copied_at > copy_began_at) || copy_position::text || copy_source_term"
                            + " FROM mosaic.moving"))
                    .isEqualTo("true" + result.position() + "3");
        } finally {
            both.source.execute("ALTER DATABASE shop RESET ALL");
            both.source.execute("DROP SCHEMA \"odd \"\"one\"\" 1\" CASCADE");
            both.target.execute("DROP SCHEMA \"odd \"\"one\"\" 1\" CASCADE");
        }
    }

    /** What is committed while rows are copied comes by the copy or by the stream, never by both and never by none. */
    @Test
    void losesAndDoublesNothingThatIsWrittenMeanwhile() throws Exception {
        both.make(ITEMS + "CREATE TABLE more (id bigint PRIMARY KEY, item bigint, n int);");
        both.source.execute("INSERT INTO items SELECT g, 0, repeat('x', 50) FROM generate_series(1, 20000) g;"
                + " INSERT INTO more SELECT g, g, 0 FROM generate_series(1, 20000) g");
        MovingTable[] tables = {even("public", "items"), even("public", "more")};
        AtomicBoolean over = new AtomicBoolean();
        AtomicLong written = new AtomicLong();
        long seed = System.nanoTime();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> writers = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                Random random = new Random(seed + i);
                int writer = i;
                writers.add(threads.submit(() -> {
                    write(random, writer, over, written);
                    return null;
                }));
            }
            try {
                await().until(() -> written.get() > 20);
                both.copy(tables);
                SplitStream stream = both.forward(tables);
                stream.subscribe();
                stream.enable();
                long seen = written.get();
                await().until(() -> written.get() > seen + 20);
            } finally {
                over.set(true);
            }
            for (Future<?> writer : writers) {
                writer.get();
            }
        }
        both.awaitSame("items", "more");
        assertThat(both.forward(tables).state()).returns(true, StreamState::isFlowing);
        assertThat(both.target.value("SELECT count(*) FROM items WHERE id % 2 = 1"))
                .as("seed %d", seed)
                .isEqualTo("0");
    }

    private static void write(Random random, int writer, AtomicBoolean over, AtomicLong written) throws SQLException {
        try (Connection connection = both.source.connect();
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            long next = 1_000_000L * (writer + 1);
            while (!over.get()) {
                long old = 1L + random.nextInt(20_000);
                statement.execute(
                        "UPDATE items SET n = n + 1 WHERE id = " + old + "; DELETE FROM more WHERE id = " + old
                                + "; INSERT INTO items VALUES (" + next + ", 1, 'new'), (" + (next + 1)
                                + ", 1, 'new'); INSERT INTO more VALUES (" + next + ", " + old + ", 1)");
                connection.commit();
                next += 2;
                written.incrementAndGet();
            }
        }
    }

    @Test
    void isNotBegunWhereRowsMayHaveBeenWritten() throws Exception {
        both.make(ITEMS);
        both.source.execute("INSERT INTO items VALUES (2, 1, 'a')");
        both.target.execute("INSERT INTO items VALUES (4, 1, 'b')");
        try {
            both.target.execute("UPDATE mosaic.shard_map SET version = " + (VERSION + 1));
            refused("map version 8");
            both.target.execute("UPDATE mosaic.shard_map SET version = " + (VERSION - 1));
            refused("map version 6");
            both.target.execute("UPDATE mosaic.shard_map SET version = 7, frozen_version = 7");
            refused("owns");
            both.target.execute("UPDATE mosaic.shard_map SET frozen_version = NULL;"
                    + "INSERT INTO mosaic.moving (stem, split, sealed_version) VALUES ('" + NAMES.stem()
                    + "', 'halve-s0', 7)");
            refused("sealed");
            assertThat(both.target.value("SELECT id FROM items")).isEqualTo("4");
            both.target.execute("UPDATE mosaic.moving SET sealed_version = 6");
            both.copy(even("public", "items"));
            assertThat(both.target.value("SELECT string_agg(id::text, ',') FROM items"))
                    .isEqualTo("2");
        } finally {
            both.target.execute("UPDATE mosaic.shard_map SET version = 7, frozen_version = NULL");
        }
    }

    private static void refused(String why) {
        assertThatThrownBy(() -> both.copy(even("public", "items")))
                .isInstanceOf(SQLException.class)
                .hasMessageContaining(why)
                .returns(SplitBookkeeping.NOT_REPLACEABLE, e -> ((SQLException) e).getSQLState());
    }

    /** An operator that is cut off goes on where another has begun anew: neither adds to the other's rows. */
    @Test
    void endsWhenAnotherOneBegins() throws Exception {
        both.make("CREATE TABLE items (id bigint, n int, t text); CREATE TABLE more (id bigint)");
        both.source.execute("INSERT INTO items SELECT g, 0, repeat('x', 100) FROM generate_series(1, 40000) g;"
                + " INSERT INTO more SELECT generate_series(1, 10)");
        MovingTable[] tables = {even("public", "items"), even("public", "more")};
        both.forward(tables).publish();
        CountDownLatch begun = new CountDownLatch(1);
        AtomicBoolean waits = new AtomicBoolean(true);
        CopyLimits slow = new CopyLimits(
                () -> waits.get() ? 300_000 : 0,
                () -> waits.get() && begun.getCount() == 0 ? Optional.of("test") : Optional.empty(),
                () -> false);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<CopyResult> first = threads.submit(() ->
                    new LogicalCopy(both.order(tables), slow, (table, rows, bytes, isDone) -> begun.countDown()).run());
            begun.await();
            CopyResult second =
                    new LogicalCopy(both.order(tables), CopyLimits.NONE, (table, rows, bytes, isDone) -> {}).run();
            waits.set(false);
            assertThatThrownBy(first::get).isInstanceOf(ExecutionException.class);
            assertThat(second.rows()).isEqualTo(20_005);
        }
        assertThat(content(both.target, "items")).isEqualTo(content(both.source, "items"));
    }

    @Test
    void waitsWhenItIsToldToAndEndsWhenItIsToldTo() throws Exception {
        both.make(ITEMS);
        both.source.execute("INSERT INTO items SELECT g, 0, repeat('x', 100) FROM generate_series(1, 60000) g");
        both.forward(even("public", "items")).publish();
        AtomicLong seen = new AtomicLong();
        AtomicBoolean cancelled = new AtomicBoolean();
        CopyLimits limits = new CopyLimits(
                () -> 400_000, () -> seen.get() > 500_000 ? Optional.of("enough") : Optional.empty(), cancelled::get);
        long before = System.nanoTime();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<CopyResult> copy = threads.submit(() -> new LogicalCopy(
                            both.order(even("public", "items")),
                            limits,
                            (table, rows, bytes, isDone) -> seen.set(bytes))
                    .run());
            await().until(() -> seen.get() > 500_000);
            assertThat(Duration.ofNanos(System.nanoTime() - before)).isGreaterThan(Duration.ofMillis(700));
            long paused = seen.get();
            await().during(Duration.ofSeconds(1)).atMost(Duration.ofSeconds(3)).until(() -> seen.get() == paused);
            cancelled.set(true);
            assertThatThrownBy(copy::get).hasCauseInstanceOf(CancellationException.class);
        }
        assertThat(both.target.value("SELECT copied_at FROM mosaic.moving")).isEqualTo("null");
        await().untilAsserted(() -> assertThat(both.source.value(
                        "SELECT count(*) FROM pg_stat_activity WHERE application_name LIKE 'mosaic_s_%'"))
                .isEqualTo("0"));
    }

    /** What a user wrote for a table runs with no more power than that of the role that moves rows. */
    @Test
    void appliesWithNoSuperusersPower() throws Exception {
        both.make("CREATE FUNCTION power(bigint) RETURNS text IMMUTABLE LANGUAGE plpgsql AS"
                + " $$ BEGIN RETURN current_user || current_setting('is_superuser'); END $$;"
                + " CREATE TABLE items (id bigint PRIMARY KEY, who text GENERATED ALWAYS AS (power(id)) STORED);"
                + " ALTER TABLE items ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY");
        both.source.execute("INSERT INTO items VALUES (2)");
        both.copy(even("public", "items"));
        SplitStream stream = both.forward(even("public", "items"));
        stream.subscribe();
        stream.enable();
        both.source.execute("INSERT INTO items VALUES (4)");
        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> assertThat(both.target.value("SELECT count(*) FROM items"))
                        .isEqualTo("2"));
        assertThat(both.target.value("SELECT string_agg(DISTINCT who, ',') FROM items"))
                .isEqualTo("mosaic_moveoff");
        assertThat(both.target.value("SELECT rolsuper FROM pg_roles WHERE rolname = 'mosaic_move'"))
                .isEqualTo("f");
    }
}
