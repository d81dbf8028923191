package io.pgmosaic.operator.migration.apply;

import io.pgmosaic.operator.migration.record.Step;
import io.pgmosaic.operator.migration.sql.Manner;
import io.pgmosaic.operator.migration.sql.SqlStatement;

import java.sql.SQLException;
import java.time.Duration;

/**
 * Runs a statement that cannot run in a transaction. Its locks let writers pass, so it waits for them as long as it takes: what it
 * waits for are transactions that are older.
 */
final class AloneRun {
    private final ShardSession session;
    private final Duration statementTimeout;

    AloneRun(ShardSession session, Duration statementTimeout) {
        this.session = session;
        this.statementTimeout = statementTimeout;
    }

    /** @param wasBegun whether the record says that somebody began it, and not that it was done */
    void run(Step step, int number, SqlStatement statement, boolean wasBegun) throws SQLException {
        session.limit(Duration.ZERO, statementTimeout);
        if (!wasBegun) {
            requireFree(statement);
            session.records().begins(step, number, statement.checksum());
        }
        if (!wasBegun || !isDoneAlready(statement)) {
            try {
                session.execute(statement.text());
            } catch (SQLException e) {
                if (!session.connection().isClosed() && !SqlStates.isLost(e)) {
                    takeBack(step, number, statement, e);
                }
                throw e;
            }
        }
        session.records().done(step, number);
    }

    /** What this migration did not leave is not its to drop. */
    private void requireFree(SqlStatement statement) throws SQLException {
        if (statement.manner() instanceof Manner.BuildIndex build
                && IndexState.of(session.connection(), build) == IndexState.INVALID) {
            throw new SQLException(
                    "there is an index " + build.index()
                            + " that is not valid, and not of this migration: drop it, or write" + " another name",
                    "42P07");
        }
    }

    /** Whether the try before came to its end; what it left half done is taken away. */
    private boolean isDoneAlready(SqlStatement statement) throws SQLException {
        return switch (statement.manner()) {
            case Manner.BuildIndex build -> {
                IndexState.dropInvalid(session.connection(), build);
                yield IndexState.of(session.connection(), build) == IndexState.VALID;
            }
            case Manner.DropIndex drop -> IndexState.of(session.connection(), drop) == IndexState.ABSENT;
            case Manner.Repeatable repeatable -> false;
            case Manner.InTransaction transaction ->
                throw new IllegalArgumentException("this one runs in a transaction: " + statement.text());
        };
    }

    private void takeBack(Step step, int number, SqlStatement statement, SQLException because) {
        try {
            if (statement.manner() instanceof Manner.BuildIndex build) {
                session.limit(Duration.ZERO, Duration.ZERO);
                IndexState.dropInvalid(session.connection(), build);
            }
            session.records().failed(step, number);
        } catch (SQLException later) {
            // The record stays, and the next try takes away what is left.
            because.addSuppressed(later);
        }
    }
}
