package io.pgmosaic.operator.split.copy;

import io.pgmosaic.operator.split.MovingTable;
import io.pgmosaic.operator.split.SplitServer;
import io.pgmosaic.operator.split.stream.SplitStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

import static io.pgmosaic.operator.split.copy.TwoDatabases.NAMES;
import static io.pgmosaic.operator.split.copy.TwoDatabases.even;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

/** Whoever fails when, the copy begins anew and is whole then. */
@Timeout(180)
class CopyFaultsTest {
    private static final MovingTable ITEMS = even("public", "items");
    private static final MovingTable MORE = even("public", "more");
    private static TwoDatabases both;

    @BeforeAll
    static void open() throws Exception {
        both = new TwoDatabases();
    }

    @AfterAll
    static void close() {
        both.close();
    }

    private interface Fault {
        void happen() throws SQLException;
    }

    /** An operator that ends in the middle of what it does. */
    private static final class Killed extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    @Test
    void beginsAnew() throws Exception {
        both.make("CREATE TABLE items (id bigint PRIMARY KEY, t text); CREATE TABLE more (id bigint PRIMARY KEY)");
        both.source.execute("INSERT INTO items SELECT g, repeat('x', 4000) FROM generate_series(1, 10000) g;"
                + " INSERT INTO more SELECT generate_series(1, 50000)");
        failing(() -> crash(both.source));
        failing(() -> crash(both.target));
        failing(() -> {
            throw new Killed();
        });
        failing(() -> both.source.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity" + " WHERE usename = 'mosaic_move'"));

        CopyResult whole = both.copy(ITEMS, MORE);
        assertThat(whole.rows()).isEqualTo(30_000);
        SplitStream stream = both.forward(ITEMS, MORE);
        stream.subscribe();
        stream.enable();
        crash(both.target);
        both.source.execute("INSERT INTO items VALUES (20000, 'after it'); DELETE FROM more WHERE id < 1000");
        both.awaitSame("items", "more");
        crash(both.source);
        both.source.execute("UPDATE items SET t = 'later' WHERE id < 1000");
        both.awaitSame("items", "more");
        assertThat(both.source.value("SELECT string_agg(slot_name, ',') FROM pg_replication_slots"))
                .isEqualTo(NAMES.forward());
        both.clean();
    }

    @Test
    void aServerThatIsLostEndsWhatWaitsForIt() throws Exception {
        long before = System.nanoTime();
        try (ServerWatch watch = new ServerWatch(
                        () -> {
                            throw new SQLException("nobody answers");
                        },
                        Duration.ofMillis(50),
                        Duration.ofSeconds(2));
                Connection session = watch.watched(both.from().asMover());
                Statement statement = session.createStatement()) {
            assertThatThrownBy(() -> statement.execute("SELECT pg_sleep(100)")).isInstanceOf(SQLException.class);
        }
        assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(60));
    }

    private static void failing(Fault fault) throws Exception {
        SplitStream stream = both.forward(ITEMS, MORE);
        stream.drop();
        stream.publish();
        AtomicBoolean happened = new AtomicBoolean();
        CopyLimits slow = new CopyLimits(() -> happened.get() ? 0 : 500_000, Optional::empty, () -> false);
        LogicalCopy copy = new LogicalCopy(both.order(ITEMS, MORE), slow, (table, rows, bytes, isDone) -> {
            if (bytes > 100_000 && happened.compareAndSet(false, true)) {
                try {
                    fault.happen();
                } catch (SQLException e) {
                    throw new IllegalStateException(e);
                }
            }
        });
        assertThatThrownBy(copy::run).isInstanceOfAny(SQLException.class, Killed.class);
        assertThat(happened).isTrue();
        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> assertThat(answer(both.target, "SELECT copied_at FROM mosaic.moving"))
                        .isEqualTo("null"));
        await().atMost(Duration.ofSeconds(20))
                .until(() -> !answer(both.source, "SELECT 1").isEmpty());
    }

    /** Empty while the server does not answer. */
    private static String answer(SplitServer server, String query) {
        try {
            return server.value(query);
        } catch (SQLException e) {
            return "";
        }
    }

    /** Its PostgreSQL ends every session and recovers, as after the crash of one of them. */
    private static void crash(SplitServer server) throws SQLException {
        try (Connection victim = server.connect();
                Statement statement = victim.createStatement();
                var row = statement.executeQuery("SELECT pg_backend_pid()")) {
            row.next();
            ProcessHandle.of(row.getLong(1)).orElseThrow().destroyForcibly();
        }
        await().atMost(Duration.ofSeconds(30))
                .until(() -> answer(server, "SELECT 1").equals("1"));
    }
}
