package io.pgmosaic.operator.database;

import io.pgmosaic.operator.plan.Finding;
import io.pgmosaic.operator.plan.Reason;
import org.junit.jupiter.api.Test;

import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

import static org.assertj.core.api.Assertions.assertThat;

class InitialSqlTest {
    private static final ShardServer SERVER = ShardServer.shared();
    private static final String RUNS = "SELECT count(*) FROM runs";

    private final DatabaseSetup setup = new DatabaseSetup();

    @Test
    void runsOnceAsTheOwner() throws SQLException {
        DatabaseIntent intent = SERVER.intent(counted(""));
        for (int i = 0; i < 3; i++) {
            assertThat(setup.bringTo(intent))
                    .returns(true, DatabaseReport::ready)
                    .returns(List.of(), DatabaseReport::findings)
                    .returns(intent.initialSqlChecksum(), DatabaseReport::initialSqlChecksum);
        }
        assertThat(SERVER.value(intent.database(), RUNS)).isEqualTo("1");
        assertThat(SERVER.value(intent.database(), "SELECT tableowner FROM pg_tables WHERE tablename = 'runs'"))
                .isEqualTo(intent.owner());
    }

    @Test
    void runsOnceAlsoWhenTwoOperatorsTryAtTheSameTime() throws Exception {
        DatabaseIntent intent = SERVER.intent(null);
        assertThat(setup.bringTo(intent).ready()).isTrue();
        SERVER.asSuperuser(
                intent.database(), "CREATE TABLE runs (at timestamptz); ALTER TABLE runs OWNER TO " + intent.owner());
        DatabaseIntent scripted = ShardServer.withSql(intent, "INSERT INTO runs VALUES (now()); SELECT pg_sleep(0.3)");
        Callable<DatabaseReport> attempt = () -> setup.bringTo(scripted);
        try (ExecutorService both = Executors.newFixedThreadPool(2)) {
            assertThat(both.invokeAll(List.of(attempt, attempt)))
                    .extracting(future -> {
                        try {
                            return future.get().ready();
                        } catch (ExecutionException e) {
                            throw new AssertionError(e);
                        }
                    })
                    .contains(true);
        }
        assertThat(setup.bringTo(scripted).ready()).isTrue();
        assertThat(SERVER.value(intent.database(), RUNS)).isEqualTo("1");
    }

    @Test
    void leavesNothingWhenItFailsAndIsTriedAgainWhenItIsCorrected() throws SQLException {
        DatabaseIntent intent = SERVER.intent(counted("SELECT 1 / 0;"));
        assertThat(failure(intent)).contains("division by zero", "nothing of it was kept");
        assertThat(setup.bringTo(intent).initialSqlChecksum()).isNull();
        assertThat(SERVER.value(intent.database(), "SELECT to_regclass('public.runs')"))
                .isNull();
        assertThat(setup.bringTo(ShardServer.withSql(intent, counted(""))).ready())
                .isTrue();
        assertThat(SERVER.value(intent.database(), RUNS)).isEqualTo("1");
    }

    @Test
    void countsAConstraintThatFailsAtTheEndAsItsFailure() {
        DatabaseIntent intent = SERVER.intent("CREATE TABLE a (id int PRIMARY KEY);"
                + " CREATE TABLE b (a int REFERENCES a DEFERRABLE INITIALLY DEFERRED); INSERT INTO b VALUES (1)");
        assertThat(failure(intent)).contains("foreign key", "nothing of it was kept");
    }

    @Test
    void saysSoWhenItEndsItsOwnSession() {
        DatabaseIntent intent = SERVER.intent(counted("SELECT pg_terminate_backend(pg_backend_pid());"));
        assertThat(failure(intent)).contains("nothing of it was kept");
    }

    @Test
    void isNotRunAgainAfterItCommittedHalfOfItself() throws SQLException {
        DatabaseIntent intent = SERVER.intent(counted("COMMIT; SELECT 1 / 0;"));
        for (int i = 0; i < 3; i++) {
            assertThat(failure(intent)).contains("half way", "DELETE FROM mosaic.init_sql");
        }
        assertThat(SERVER.value(intent.database(), RUNS)).isEqualTo("1");
        assertThat(failure(ShardServer.withSql(intent, counted("SELECT 1;")))).contains("half way");
        SERVER.asSuperuser(intent.database(), "DROP TABLE runs; DELETE FROM mosaic.init_sql");
        assertThat(setup.bringTo(ShardServer.withSql(intent, counted(""))).ready())
                .isTrue();
    }

    @Test
    void isNotRunAgainAfterItRolledItselfBack() throws SQLException {
        DatabaseIntent intent = SERVER.intent("ROLLBACK; " + counted(""));
        for (int i = 0; i < 3; i++) {
            assertThat(failure(intent)).contains("half way", "rolls back by itself");
        }
        assertThat(SERVER.value(intent.database(), RUNS)).isEqualTo("1");
    }

    @Test
    void isReportedAndNotRunWhenItWasChangedAfterItRan() throws SQLException {
        DatabaseIntent intent = SERVER.intent(counted(""));
        assertThat(setup.bringTo(intent).ready()).isTrue();
        DatabaseIntent changed = ShardServer.withSql(intent, "INSERT INTO runs VALUES (now())");
        assertThat(setup.bringTo(changed))
                .returns(true, DatabaseReport::ready)
                .returns(intent.initialSqlChecksum(), DatabaseReport::initialSqlChecksum)
                .satisfies(report -> assertThat(report.findings())
                        .singleElement()
                        .returns(Reason.INIT_SQL_CHANGED, Finding::reason));
        assertThat(SERVER.value(intent.database(), RUNS)).isEqualTo("1");
        assertThat(setup.bringTo(ShardServer.withSql(intent, null)).findings()).isEmpty();
    }

    @Test
    void isTakenByTheLetter() throws SQLException {
        DatabaseIntent intent = SERVER.intent("CREATE TABLE texts (t text); -- don't {d '2020-01-01'}\n"
                + "INSERT INTO texts VALUES ($$ ?; {fn now()} \\ $1 $$)");
        assertThat(setup.bringTo(intent).findings()).isEmpty();
        assertThat(SERVER.value(intent.database(), "SELECT t FROM texts")).isEqualTo(" ?; {fn now()} \\ $1 ");
    }

    private String failure(DatabaseIntent intent) {
        DatabaseReport report = setup.bringTo(intent);
        assertThat(report.ready()).isFalse();
        assertThat(report.findings()).singleElement().returns(Reason.INIT_SQL_FAILED, Finding::reason);
        return report.findings().getFirst().message();
    }

    private static String counted(String then) {
        return "CREATE TABLE runs (at timestamptz); INSERT INTO runs VALUES (now()); " + then;
    }
}
