package io.pgmosaic.operator.migration.apply;

import io.pgmosaic.operator.migration.record.Step;
import io.pgmosaic.operator.migration.sql.SqlStatement;
import io.pgmosaic.operator.split.SplitNames;
import io.pgmosaic.operator.split.schema.DdlRefusal;
import io.pgmosaic.operator.split.schema.SplitBookkeeping;
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
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

@Timeout(180)
class StepRunTest {
    private static final String[] ALL = {
        "ALTER TABLE users ADD COLUMN preferences jsonb",
        "INSERT INTO log SELECT count(*) FROM log",
        "CREATE INDEX CONCURRENTLY by_name ON users (name)",
        "DROP INDEX CONCURRENTLY old",
        "VACUUM users",
        "INSERT INTO log SELECT count(*) FROM log"
    };

    private static Shard shard;

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
                .asOwner(
                        "CREATE TABLE users (id bigint PRIMARY KEY, name text); CREATE INDEX old ON users (name, id);"
                                + " CREATE TABLE log (n bigint); INSERT INTO users SELECT n, 'n' || n FROM generate_series(1, 100) AS n");
    }

    @Test
    void runsEveryStatementOnceAsTheOwner() throws Exception {
        for (int i = 0; i < 3; i++) {
            assertThat(shard.expand(ALL)).isEqualTo(new Outcome.Done());
        }
        assertAppliedOnce();
        assertThat(shard.server().value("SELECT relowner::regrole FROM pg_class WHERE relname = 'by_name'"))
                .isEqualTo("owner");
        assertThat(shard.server()
                        .value(
                                "SELECT string_agg(step || statement || (done_at IS NOT NULL) || term, ' ' ORDER BY statement)"
                                        + " FROM mosaic.schema_migrations WHERE migration = '"
                                        + shard.migration().uid() + "'"))
                .isEqualTo("expand1true3 expand2true3 expand3true3 expand4true3 expand5true3 expand6true3");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void goesOnWhereverTheConnectionWasCut(boolean afterwards) throws Exception {
        List<SqlStatement> statements = Shard.read(ALL);
        int requests = 0;
        while (true) {
            begin();
            requests++;
            if (endsWhenCutAt(requests, afterwards, statements)) {
                break;
            }
            assertThat(shard.expand(ALL)).as("cut at request %d", requests).isEqualTo(new Outcome.Done());
            assertAppliedOnce();
        }
        assertThat(requests).isGreaterThan(40);
    }

    /** Whether there were not so many requests. */
    private static boolean endsWhenCutAt(int request, boolean afterwards, List<SqlStatement> statements)
            throws Exception {
        Connection cut = CutConnection.of(shard.server().database().asMigrator(), request, afterwards);
        try (ShardSession session = shard.session(cut)) {
            return new StepRun(session, Shard.LIMITS, Shard.patient())
                    .run(Step.EXPAND, statements)
                    .equals(new Outcome.Done());
        } catch (SQLException e) {
            assertThat(e.getMessage()).contains("cut at request");
            return false;
        }
    }

    private static void assertAppliedOnce() throws SQLException {
        assertThat(shard.server().value("SELECT string_agg(n::text, ' ' ORDER BY n) FROM log"))
                .isEqualTo("0 1");
        assertThat(shard.server()
                        .value("SELECT string_agg(c.relname || i.indisvalid, ' ' ORDER BY c.relname) FROM pg_index AS i"
                                + " JOIN pg_class AS c ON c.oid = i.indexrelid WHERE i.indrelid = 'users'::regclass"))
                .isEqualTo("by_nametrue users_pkeytrue");
    }

    @Test
    void manyOperatorsAtOnceRunItOnce() throws Exception {
        Callable<Boolean> one = () -> {
            while (!shard.expand(ALL).equals(new Outcome.Done())) {
                Thread.onSpinWait();
            }
            return true;
        };
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Future<Boolean> end : threads.invokeAll(List.of(one, one, one, one))) {
                assertThat(end.get()).isTrue();
            }
        }
        assertAppliedOnce();
    }

    @Test
    void theRecordAloneKeepsASecondSessionOut() throws Exception {
        try (ShardSession first = shard.session()) {
            first.connection().setAutoCommit(false);
            first.records().begins(Step.EXPAND, 1, Shard.read(ALL).getFirst().checksum());
            try (Connection late = shard.server().database().asMigrator();
                    Statement statement = late.createStatement()) {
                statement.execute("SET lock_timeout = 100");
                var records = new io.pgmosaic.operator.migration.record.ShardRecords(late, shard.migration(), 3);
                assertThatThrownBy(() -> records.begins(Step.EXPAND, 1, "x"))
                        .isInstanceOfSatisfying(SQLException.class, e -> assertThat(e.getSQLState())
                                .isEqualTo("55P03"));
                first.records().done(Step.EXPAND, 1);
                first.connection().commit();
                assertThatThrownBy(() -> records.begins(Step.EXPAND, 1, "x"))
                        .isInstanceOfSatisfying(SQLException.class, e -> assertThat(e.getSQLState())
                                .isEqualTo(SqlStates.UNIQUE_VIOLATION));
            }
        }
    }

    @Test
    void leavesNothingOfAStatementThatTheServerRefuses() throws Exception {
        String[] statements = {ALL[1], "ALTER TABLE users ADD COLUMN name text", ALL[1]};
        for (int i = 0; i < 2; i++) {
            assertThat(shard.expand(statements))
                    .isInstanceOfSatisfying(Outcome.Failed.class, failed -> assertThat(failed.why())
                            .contains("expand statement 2", "already exists"));
        }
        assertThat(shard.server().value("SELECT count(*) FROM log")).isEqualTo("1");
        shard.server().asOwner("ALTER TABLE users DROP COLUMN name");
        assertThat(shard.expand(statements)).isEqualTo(new Outcome.Done());
        assertThat(shard.server().value("SELECT count(*) FROM log")).isEqualTo("2");
    }

    @Test
    void waitsForLocksBrieflyAndTriesAgain() throws Exception {
        List<Duration> rests = new ArrayList<>();
        try (Connection reader = shard.server().connect();
                Statement statement = reader.createStatement()) {
            reader.setAutoCommit(false);
            statement.execute("SELECT FROM users");
            Progress progress = new Progress() {
                @Override
                public void awaitsLock(int attempts, String message) {
                    assertThat(message).contains("expand statement 1 waits for a lock");
                }

                @Override
                public boolean isOver() {
                    return false;
                }

                @Override
                public void rest(Duration time) {
                    rests.add(time);
                }
            };
            assertThat(shard.expand(Shard.LIMITS, progress, ALL))
                    .isInstanceOfSatisfying(Outcome.Failed.class, failed -> assertThat(failed.why())
                            .contains("no lock in 5 attempts", "rollout.lockTimeout"));
        }
        assertThat(rests)
                .containsExactly(
                        Duration.ofMillis(500), Duration.ofSeconds(1), Duration.ofSeconds(2), Duration.ofSeconds(4));
        assertThat(ApplyLimits.rest(50)).isEqualTo(Duration.ofMinutes(1));
        assertThat(shard.expand(ALL)).isEqualTo(new Outcome.Done());
        assertAppliedOnce();
    }

    @Test
    void dropsWhatItsOwnIndexLeftAndNoOther() throws Exception {
        shard.server().execute("INSERT INTO users VALUES (1000, 'n1')");
        String unique = "CREATE UNIQUE INDEX CONCURRENTLY one_name ON users (name)";
        assertThat(shard.expand(unique)).isInstanceOfSatisfying(Outcome.Failed.class, failed -> assertThat(failed.why())
                .contains("could not create unique index"));
        assertThat(shard.server().value("SELECT to_regclass('one_name')")).isEqualTo("null");
        try (Connection owner = shard.server().database().asMigrator();
                Statement statement = owner.createStatement()) {
            assertThatThrownBy(() -> statement.execute(unique)).isInstanceOf(SQLException.class);
        }
        assertThat(shard.expand(unique)).isInstanceOfSatisfying(Outcome.Failed.class, failed -> assertThat(failed.why())
                .contains("not of this migration: drop it"));
        assertThat(shard.server().value("SELECT to_regclass('one_name')")).isEqualTo("one_name");
        shard.server().execute("DROP INDEX one_name; DELETE FROM users WHERE id = 1000");
        assertThat(shard.expand(unique)).isEqualTo(new Outcome.Done());
    }

    @Test
    void takesUpAnIndexThatWasBrokenOff() throws Exception {
        String unique = "CREATE UNIQUE INDEX CONCURRENTLY one_name ON users (name)";
        shard.server().execute("INSERT INTO users VALUES (1000, 'n1')");
        try (ShardSession session = shard.session()) {
            session.records().begins(Step.EXPAND, 1, SqlStatement.of(unique).checksum());
            assertThatThrownBy(() -> session.execute(unique)).isInstanceOf(SQLException.class);
        }
        shard.server().execute("DELETE FROM users WHERE id = 1000");
        assertThat(shard.expand(unique)).isEqualTo(new Outcome.Done());
        assertThat(shard.server().value("SELECT indisvalid FROM pg_index WHERE indexrelid = 'one_name'::regclass"))
                .isEqualTo("t");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "DO $$ BEGIN COMMIT; END $$",
                "DO $$ BEGIN EXECUTE 'SET search_path = pg_catalog'; END $$",
                "DO $$ BEGIN EXECUTE 'SET ROLE mosaic_setup'; END $$",
                "UPDATE mosaic.schema_migrations SET done_at = now()",
                "ALTER TABLE no_such ADD COLUMN a int",
                "ALTER TABLE users MODIFY COLUMN name varchar(10)"
            })
    void refusesWhatTheServerOrTheSessionTells(String statement) throws Exception {
        assertThat(shard.expand("INSERT INTO log VALUES (0)", statement))
                .isInstanceOfSatisfying(
                        Outcome.Failed.class, failed -> assertThat(failed.why()).contains("expand statement 2"));
        assertThat(shard.expand("INSERT INTO log VALUES (0)", "INSERT INTO log VALUES (1)"))
                .isEqualTo(new Outcome.Done());
        assertAppliedRows("0 1");
    }

    private static void assertAppliedRows(String rows) throws SQLException {
        assertThat(shard.server().value("SELECT string_agg(n::text, ' ' ORDER BY n) FROM log"))
                .isEqualTo(rows);
    }

    @Test
    void refusesAStatementThatWasChangedAfterItRan() throws Exception {
        shard.expand("INSERT INTO log VALUES (0)");
        assertThat(shard.expand("INSERT INTO log VALUES (7)"))
                .isInstanceOfSatisfying(Outcome.Failed.class, failed -> assertThat(failed.why())
                        .contains("was changed after it was begun"));
        assertAppliedRows("0");
    }

    @Test
    void goesNoStepForwardAfterOneBack() throws Exception {
        shard.expand("INSERT INTO log VALUES (0)");
        try (ShardSession session = shard.session()) {
            assertThat(new StepRun(session, Shard.LIMITS, Shard.patient())
                            .run(Step.UNDO, Shard.read("DELETE FROM log")))
                    .isEqualTo(new Outcome.Done());
        }
        assertThat(shard.expand("INSERT INTO log VALUES (0)", "INSERT INTO log VALUES (1)"))
                .isInstanceOfSatisfying(Outcome.Deferred.class, deferred -> assertThat(deferred.why())
                        .contains("is rolled back"));
        assertAppliedRows("null");
    }

    @Test
    void isRefusedWhileASplitMovesRows() throws Exception {
        SplitBookkeeping.ensure(shard.server().database());
        SplitNames names = new SplitNames("7f3a2b1c-0000-4000-8000-1234567890ab", 0);
        DdlRefusal.begin(shard.server().database(), names, "halve-s0", List.of());
        try {
            assertThat(shard.expand(ALL))
                    .isInstanceOfSatisfying(Outcome.Deferred.class, deferred -> assertThat(deferred.why())
                            .contains("ShardSplit halve-s0"));
        } finally {
            DdlRefusal.end(shard.server().database(), names);
        }
        assertThat(shard.expand(ALL)).isEqualTo(new Outcome.Done());
        assertAppliedOnce();
    }

    @Test
    void endsAStatementThatTakesTooLong() throws Exception {
        ApplyLimits hurried = new ApplyLimits(Duration.ofMillis(200), 5, Duration.ofMillis(300));
        assertThat(shard.expand(hurried, Shard.patient(), "SELECT pg_sleep(60)"))
                .isInstanceOfSatisfying(
                        Outcome.Failed.class, failed -> assertThat(failed.why()).contains("statement timeout"));
    }
}
