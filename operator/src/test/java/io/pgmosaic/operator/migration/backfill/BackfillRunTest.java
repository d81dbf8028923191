package io.pgmosaic.operator.migration.backfill;

import io.pgmosaic.api.v1alpha1.migration.BackfillSpec;
import io.pgmosaic.operator.migration.apply.Outcome;
import io.pgmosaic.operator.migration.apply.Progress;
import io.pgmosaic.operator.migration.apply.Shard;
import io.pgmosaic.operator.migration.apply.ShardSession;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

@Timeout(180)
class BackfillRunTest {
    private static Shard shard;

    private final List<String> told = new ArrayList<>();

    @BeforeAll
    static void open() throws Exception {
        shard = new Shard();
    }

    @AfterAll
    static void close() {
        shard.close();
    }

    @BeforeEach
    void begin() throws SQLException {
        shard.clean();
        shard.server()
                .asOwner("CREATE TABLE orders (tenant text, id bigint, at timestamptz, total int, filled int DEFAULT 0,"
                        + " PRIMARY KEY (tenant, id, at)); INSERT INTO orders SELECT (ARRAY['a''\\', 'B', 'ä', ''])[n % 4 + 1],"
                        + " n, timestamptz '2026-03-29 00:30:00+00' + n * interval '7 seconds 1 microsecond', n"
                        + " FROM generate_series(1, 2000) AS n");
    }

    private static BackfillSpec spec(String set, @Nullable String where) {
        return new BackfillSpec("public", "orders", set, where, 300, "10s", "5s", null);
    }

    private Outcome run(BackfillSpec spec) throws Exception {
        return run(spec, Shard.patient(), Optional::empty);
    }

    private Outcome run(BackfillSpec spec, Progress progress, BackfillRun.Brake brake) throws Exception {
        try (ShardSession session = shard.session()) {
            return new BackfillRun(session, Shard.LIMITS, progress, brake, new BackfillRun.Listener() {
                        @Override
                        public void filled(long rows, long total) {
                            told.add(rows + "/" + total);
                        }

                        @Override
                        public void paused(String why) {
                            told.add(why);
                        }
                    })
                    .run(BackfillWork.of(spec));
        }
    }

    /** Ends when it was asked so many times. */
    private static Progress endingAfter(int questions) {
        AtomicInteger asked = new AtomicInteger();
        return new Progress() {
            @Override
            public void awaitsLock(int attempts, String message) {}

            @Override
            public boolean isOver() {
                return asked.incrementAndGet() > questions;
            }

            @Override
            public void rest(Duration time) {}
        };
    }

    @Test
    void fillsEveryRowOnceHoweverOftenItIsInterrupted() throws Exception {
        BackfillSpec spec = spec("filled = filled + 1 -- once", null);
        int runs = 0;
        Outcome outcome = run(spec, endingAfter(1), Optional::empty);
        while (outcome instanceof Outcome.Deferred) {
            runs++;
            outcome = run(spec, endingAfter(1), Optional::empty);
        }
        assertThat(outcome).isEqualTo(new Outcome.Done());
        assertThat(runs).isGreaterThan(5);
        assertThat(run(spec)).isEqualTo(new Outcome.Done());
        assertThat(shard.server().value("SELECT min(filled) || ' ' || max(filled) || ' ' || count(*) FROM orders"))
                .isEqualTo("1 1 2000");
        assertThat(told.getLast()).isEqualTo("2000/2000");
    }

    @Test
    void fillsTheRowsOfTheConditionAlone() throws Exception {
        assertThat(run(spec("filled = (SELECT 7)", "total % 2 = 0 OR false -- even")))
                .isEqualTo(new Outcome.Done());
        assertThat(shard.server().value("SELECT sum(filled) || ' ' || count(*) FILTER (WHERE filled = 7) FROM orders"))
                .isEqualTo("7000 1000");
    }

    @Test
    void pausesWhileSomethingStandsAgainstIt() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        assertThat(run(
                        spec("filled = 1", null),
                        Shard.patient(),
                        () -> asked.incrementAndGet() % 3 == 0 ? Optional.empty() : Optional.of("standby 1 is behind")))
                .isEqualTo(new Outcome.Done());
        assertThat(told).contains("standby 1 is behind", "300/2000");
        assertThat(shard.server().value("SELECT sum(filled) FROM orders")).isEqualTo("2000");
    }

    @Test
    void aBatchThatASecondSessionHasFilledIsNotKept() throws Exception {
        BackfillSpec spec = spec("filled = filled + 1", null);
        run(spec, endingAfter(1), Optional::empty);
        try (ShardSession late = shard.session()) {
            List<String> seen = late.records().lastKey();
            late.connection().setAutoCommit(false);
            late.execute("UPDATE orders SET filled = filled + 1");
            try (Connection other = shard.server().connect();
                    Statement statement = other.createStatement()) {
                statement.execute("UPDATE mosaic.backfills SET last_key = '{further}' WHERE migration = '"
                        + shard.migration().uid() + "'");
            }
            SQLException refused = org.assertj.core.api.Assertions.catchThrowableOfType(
                    SQLException.class, () -> late.records().backfillGoesOn(seen, List.of("x"), 1));
            assertThat(refused.getSQLState()).isEqualTo("MO011");
        }
        assertThat(shard.server().value("SELECT sum(filled) FROM orders")).isEqualTo("300");
    }

    @Test
    void rowsThatAreHeldAreTriedAgainAndThenTold() throws Exception {
        try (Connection writer = shard.server().connect();
                Statement statement = writer.createStatement()) {
            writer.setAutoCommit(false);
            statement.execute("UPDATE orders SET total = 0 WHERE id = 1");
            assertThat(run(spec("filled = 1", null)))
                    .isInstanceOfSatisfying(Outcome.Failed.class, failed -> assertThat(failed.why())
                            .contains("lock timeout"));
        }
        assertThat(run(spec("filled = 1", null))).isEqualTo(new Outcome.Done());
        assertThat(shard.server().value("SELECT sum(filled) FROM orders")).isEqualTo("2000");
    }

    @Test
    void saysWhatIsMissing() throws Exception {
        shard.server().asOwner("ALTER TABLE orders DROP CONSTRAINT orders_pkey");
        assertThat(run(spec("filled = 1", null)))
                .isInstanceOfSatisfying(Outcome.Failed.class, failed -> assertThat(failed.why())
                        .contains("has no primary key", "give it one"));
        shard.server().asOwner("DROP TABLE orders");
        assertThat(run(spec("filled = 1", null)))
                .isInstanceOfSatisfying(Outcome.Failed.class, failed -> assertThat(failed.why())
                        .contains("there is no table", "make it there"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"id = id + 1", "filled = 1, (total, \"at\") = (SELECT 1, now())", "TENANT = 'x'"})
    void refusesToChangeTheKeyByWhichItGoes(String set) throws Exception {
        assertThat(run(spec(set, null))).isInstanceOfSatisfying(Outcome.Failed.class, failed -> assertThat(failed.why())
                .contains("of the primary key of", "fill a new column"));
        assertThat(shard.server()
                        .value("SELECT count(*) FROM mosaic.schema_migrations WHERE migration = '"
                                + shard.migration().uid() + "'"))
                .isEqualTo("0");
    }

    @Test
    void pausesWhileMoreSessionsAreActiveThanItMayMeet() throws Exception {
        BackfillSpec spec = new BackfillSpec("public", "orders", "filled = 1", null, 300, "10s", "5s", 1);
        try (Connection holder = shard.server().connect();
                Statement lock = holder.createStatement();
                ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
            lock.execute("SELECT pg_advisory_lock(1)");
            for (int i = 0; i < 2; i++) {
                clients.execute(BackfillRunTest::waitForTheLock);
            }
            await().until(() -> shard.server()
                    .value("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted")
                    .equals("2"));
            Outcome busy = run(spec, endingAfter(1), Optional::empty);
            assertThat(busy).isInstanceOf(Outcome.Deferred.class);
            assertThat(told).containsExactly("2 sessions are running statements, and maxActiveSessions is 1");
            lock.execute("SELECT pg_advisory_unlock(1)");
        }
        assertThat(run(spec)).isEqualTo(new Outcome.Done());
        assertThat(shard.server().value("SELECT sum(filled) FROM orders")).isEqualTo("2000");
    }

    private static void waitForTheLock() {
        try (Connection client = shard.server().connect();
                Statement statement = client.createStatement()) {
            statement.execute("SELECT pg_advisory_xact_lock_shared(1)");
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void refusesToFillOtherwiseThanItBegan() throws Exception {
        run(spec("filled = 1", null), endingAfter(1), Optional::empty);
        assertThat(run(spec("filled = 2", null)))
                .isInstanceOfSatisfying(Outcome.Failed.class, failed -> assertThat(failed.why())
                        .contains("changed after it was begun"));
        assertThat(shard.server().value("SELECT max(filled) FROM orders")).isEqualTo("1");
    }

    @Test
    void batchesFollowTheTimeThatTheyTake() {
        BatchSize size = new BatchSize(1000, Duration.ofMillis(200));
        size.took(Duration.ofMillis(10));
        assertThat(size.rows()).isEqualTo(2000);
        size.took(Duration.ofMillis(250));
        assertThat(size.rows()).isEqualTo(1600);
        size.took(Duration.ofSeconds(100));
        size.halve();
        assertThat(size.rows()).isEqualTo(400);
        for (int i = 0; i < 30; i++) {
            size.took(Duration.ofNanos(1));
        }
        assertThat(size.rows()).isEqualTo(100_000);
    }
}
