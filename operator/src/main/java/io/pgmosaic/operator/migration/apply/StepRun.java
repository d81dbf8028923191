package io.pgmosaic.operator.migration.apply;

import io.pgmosaic.operator.migration.record.ShardRecord;
import io.pgmosaic.operator.migration.record.Step;
import io.pgmosaic.operator.migration.sql.Manner;
import io.pgmosaic.operator.migration.sql.SqlStatement;

import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Runs the statements of one step that have not run.
 *
 * <pre>
 * in a transaction           alone
 *   record that it begins      record that it begins; commit
 *   the statement              what the catalog says of a try before, if there was one
 *   record that it is done     the statement
 *   commit                     record that it is done; commit
 * </pre>
 */
public final class StepRun {
    private final ShardSession session;
    private final ApplyLimits limits;
    private final Progress progress;

    public StepRun(ShardSession session, ApplyLimits limits, Progress progress) {
        this.session = session;
        this.limits = limits;
        this.progress = progress;
    }

    /**
     * Blocks until all are done, or one cannot be.
     *
     * @throws SQLException when the session was lost: what became of the statement is in the shard's record
     */
    public Outcome run(Step step, List<SqlStatement> statements) throws SQLException, InterruptedException {
        for (int number = 1; number <= statements.size(); number++) {
            Outcome outcome = patiently(step, number, statements.get(number - 1));
            if (!(outcome instanceof Outcome.Done)) {
                return outcome;
            }
        }
        return new Outcome.Done();
    }

    private Outcome patiently(Step step, int number, SqlStatement statement) throws SQLException, InterruptedException {
        String place = step.word() + " statement " + number;
        for (int attempt = 1; ; attempt++) {
            if (progress.isOver()) {
                return new Outcome.Deferred(place + " was not begun");
            }
            try {
                return attempt(step, number, statement);
            } catch (SQLException e) {
                if (session.connection().isClosed() || SqlStates.isLost(e)) {
                    throw e;
                }
                if (SqlStates.isNotNow(e)) {
                    return new Outcome.Deferred(place + ": " + e.getMessage());
                }
                if (!SqlStates.isContended(e)) {
                    return new Outcome.Failed(place + ": " + advice(e));
                }
                if (attempt >= limits.lockAttempts()) {
                    return new Outcome.Failed(place + " got no lock in " + attempt + " attempts: " + e.getMessage()
                            + "; end what holds the lock, or raise rollout.lockTimeout");
                }
                progress.awaitsLock(attempt, place + " waits for a lock: " + e.getMessage());
                progress.rest(ApplyLimits.rest(attempt));
            }
        }
    }

    private static String advice(SQLException e) {
        return SqlStates.state(e).equals(SqlStates.NOT_IN_A_TRANSACTION)
                ? e.getMessage()
                        + "; of such statements CREATE INDEX CONCURRENTLY, DROP INDEX CONCURRENTLY and VACUUM are run"
                : String.valueOf(e.getMessage());
    }

    private Outcome attempt(Step step, int number, SqlStatement statement) throws SQLException {
        Optional<ShardRecord.Entry> entry = session.records().read().find(step, number);
        if (entry.isPresent() && !entry.get().checksum().equals(statement.checksum())) {
            return new Outcome.Failed(step.word() + " statement " + number
                    + " was changed after it was begun here: write what was there before");
        }
        if (entry.isPresent() && entry.get().isDone()) {
            return new Outcome.Done();
        }
        if (statement.manner() instanceof Manner.InTransaction) {
            inTransaction(step, number, statement);
        } else {
            new AloneRun(session, limits.statementTimeout()).run(step, number, statement, entry.isPresent());
        }
        return new Outcome.Done();
    }

    private void inTransaction(Step step, int number, SqlStatement statement) throws SQLException {
        session.limit(limits.lockTimeout(), limits.statementTimeout());
        session.connection().setAutoCommit(false);
        try {
            session.records().begins(step, number, statement.checksum());
            session.execute(statement.text());
            if (!session.isAsItWas()) {
                throw new SQLException(
                        "the statement changed the role or the search_path of the session: take that out of it",
                        "42501");
            }
            session.limit(limits.lockTimeout(), Duration.ZERO);
            session.records().done(step, number);
            session.connection().commit();
        } catch (SQLException e) {
            session.rollBack(e);
            throw e;
        } finally {
            if (!session.connection().isClosed()) {
                session.connection().setAutoCommit(true);
            }
        }
    }
}
