package io.pgmosaic.operator.database;

import io.pgmosaic.operator.plan.Finding;
import io.pgmosaic.operator.plan.Reason;
import org.jspecify.annotations.Nullable;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;

/**
 * Runs the initial SQL exactly once in a shard: the script and the record that it ran are one transaction.
 *
 * <p>The record is made before the script and marked finished after it. Should a script commit by itself and fail later,
 * an unfinished record stays, and one is made for a script that rolls back by itself; then nothing is run again, and a person
 * is told.
 */
final class InitialSql {
    /** SQLSTATE of a script that undid the record of itself. */
    private static final String ROLLED_BACK = "MO010";

    private static final String BOOKKEEPING = """
            CREATE TABLE IF NOT EXISTS mosaic.init_sql (
              singleton boolean PRIMARY KEY DEFAULT true CHECK (singleton),
              checksum text NOT NULL,
              finished boolean NOT NULL DEFAULT false,
              at timestamptz NOT NULL DEFAULT pg_catalog.now());
            CREATE OR REPLACE FUNCTION mosaic.init_sql_begins(checksum text) RETURNS void
              LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
              AS $$ INSERT INTO mosaic.init_sql (checksum) VALUES ($1) $$;
            CREATE OR REPLACE FUNCTION mosaic.init_sql_finished() RETURNS void
              LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
              AS $$
              BEGIN
                UPDATE mosaic.init_sql SET finished = true;
                IF NOT FOUND THEN
                  RAISE EXCEPTION USING ERRCODE = 'MO010', MESSAGE = 'the record that the initial SQL began is gone';
                END IF;
              END $$;
            REVOKE ALL ON FUNCTION mosaic.init_sql_begins(text), mosaic.init_sql_finished() FROM PUBLIC;
            """;

    private InitialSql() {}

    /**
     * What the shard's record says.
     *
     * @param checksum null when nothing ran
     */
    record Run(@Nullable String checksum, boolean finished) {
        boolean endedHalfWay() {
            return checksum != null && !finished;
        }
    }

    static void createBookkeeping(Connection superuser, String owner) throws SQLException {
        try (Statement statement = superuser.createStatement()) {
            statement.execute(BOOKKEEPING);
            statement.execute("GRANT USAGE ON SCHEMA mosaic TO PUBLIC");
            statement.execute("GRANT SELECT ON mosaic.init_sql TO " + Roles.MONITOR);
            statement.execute(
                    "GRANT EXECUTE ON FUNCTION mosaic.init_sql_begins(text), mosaic.init_sql_finished() TO " + owner);
        }
    }

    static Run lastRun(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT checksum, finished FROM mosaic.init_sql")) {
            return row.next() ? new Run(row.getString(1), row.getBoolean(2)) : new Run(null, false);
        }
    }

    /**
     * Runs the script if it has not run here.
     *
     * @return what a person should know; empty when it has run
     */
    static Optional<Finding> ensure(DatabaseIntent intent, Connections connections, LookAndChange sessions)
            throws SQLException {
        String script = intent.initialSql();
        String checksum = intent.initialSqlChecksum();
        Run run = lastRun(sessions.look());
        if (run.endedHalfWay()) {
            return endedHalfWay(intent);
        }
        if (script == null || checksum == null || checksum.equals(run.checksum())) {
            return Optional.empty();
        }
        if (run.checksum() != null) {
            return finding(
                    intent,
                    Reason.INIT_SQL_CHANGED,
                    "spec.initSql was changed after it ran; it runs once, when a shard is created, and is not run again."
                            + " Change existing shards with a SchemaMigration or by hand");
        }
        Optional<SQLException> failure = run(intent, connections, script, checksum);
        if (failure.isEmpty()) {
            return Optional.empty();
        }
        if (ROLLED_BACK.equals(failure.get().getSQLState())) {
            // What came after its ROLLBACK stays, and must not come again with every try.
            begin(sessions.superuser(), checksum);
        }
        return lastRun(sessions.look()).endedHalfWay()
                ? endedHalfWay(intent)
                : finding(
                        intent,
                        Reason.INIT_SQL_FAILED,
                        "the initial SQL failed, and nothing of it was kept: "
                                + failure.get().getMessage() + ". Correct spec.initSql; it is tried again");
    }

    /** Why the script failed; empty when it is done and recorded. */
    private static Optional<SQLException> run(
            DatabaseIntent intent, Connections connections, String script, String checksum) throws SQLException {
        try (Connection session = connections.script(
                intent.database(), Roles.SETUP, intent.passwords().setup())) {
            session.setAutoCommit(false);
            begin(session, checksum);
            try (Statement statement = session.createStatement();
                    PreparedStatement finished = session.prepareStatement("SELECT mosaic.init_sql_finished()")) {
                // The script is PostgreSQL's SQL and none of the driver's: braces mean nothing.
                statement.setEscapeProcessing(false);
                statement.execute(script);
                finished.execute();
                session.commit();
                return Optional.empty();
            } catch (SQLException e) {
                rollBack(session, e);
                return Optional.of(e);
            }
        }
    }

    private static void begin(Connection session, String checksum) throws SQLException {
        try (PreparedStatement begins = session.prepareStatement("SELECT mosaic.init_sql_begins(?)")) {
            begins.setString(1, checksum);
            begins.execute();
        }
    }

    /** A session that the script has ended is rolled back already. */
    private static void rollBack(Connection session, SQLException because) {
        try {
            session.rollback();
        } catch (SQLException lost) {
            because.addSuppressed(lost);
        }
    }

    private static Optional<Finding> endedHalfWay(DatabaseIntent intent) {
        return finding(
                intent,
                Reason.INIT_SQL_FAILED,
                "the initial SQL ended half way, because it commits or rolls back by itself; what it left is not"
                        + " known. Remove COMMIT and ROLLBACK from it, clean the database by hand, then DELETE FROM mosaic.init_sql");
    }

    private static Optional<Finding> finding(DatabaseIntent intent, Reason reason, String message) {
        return Optional.of(new Finding(reason, intent.shard(), message));
    }
}
