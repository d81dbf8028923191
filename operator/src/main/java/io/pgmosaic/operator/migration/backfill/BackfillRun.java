package io.pgmosaic.operator.migration.backfill;

import io.pgmosaic.operator.migration.apply.ApplyLimits;
import io.pgmosaic.operator.migration.apply.Outcome;
import io.pgmosaic.operator.migration.apply.Progress;
import io.pgmosaic.operator.migration.apply.ShardSession;
import io.pgmosaic.operator.migration.apply.SqlStates;
import io.pgmosaic.operator.migration.record.ShardRecord;
import io.pgmosaic.operator.migration.record.Step;
import org.jspecify.annotations.Nullable;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Fills the rows that are not filled. Its record is that of statement 1 of its step. */
public final class BackfillRun {
    private static final Duration PAUSE = Duration.ofSeconds(1);

    /** What slows a backfill down. */
    public interface Brake {
        /** Why nothing should be written now; empty when nothing stands against it. */
        Optional<String> reason();
    }

    /** Hears how far it is. */
    public interface Listener {
        /** @param total about how many rows there are */
        void filled(long rows, long total);

        void paused(String why);
    }

    private final ShardSession session;
    private final ApplyLimits limits;
    private final Progress progress;
    private final Brake brake;
    private final Listener listener;

    public BackfillRun(ShardSession session, ApplyLimits limits, Progress progress, Brake brake, Listener listener) {
        this.session = session;
        this.limits = limits;
        this.progress = progress;
        this.brake = brake;
        this.listener = listener;
    }

    /**
     * Blocks until all rows are filled, or one cannot be.
     *
     * @throws SQLException when the session was lost: up to where rows are filled is in the shard's record
     */
    public Outcome run(BackfillWork work) throws SQLException, InterruptedException {
        try {
            Optional<ShardRecord.Entry> entry = session.records().read().find(Step.BACKFILL, 1);
            if (entry.isPresent() && !entry.get().checksum().equals(work.checksum())) {
                return new Outcome.Failed(
                        "the backfill was changed after it was begun here: write what was there before");
            }
            if (entry.isPresent() && entry.get().isDone()) {
                return new Outcome.Done();
            }
            session.limit(limits.lockTimeout(), limits.statementTimeout());
            // Rows that a policy hides would be left out, and nobody would know.
            session.execute("SET row_security = off");
            KeyOrder order = KeyOrder.of(session.connection(), work);
            if (entry.isEmpty()) {
                begin(work, order);
            }
            return fill(work, order);
        } catch (SQLException e) {
            return judged(e);
        }
    }

    private Outcome judged(SQLException e) throws SQLException {
        if (session.connection().isClosed() || SqlStates.isLost(e)) {
            throw e;
        }
        return SqlStates.isNotNow(e)
                ? new Outcome.Deferred("backfill: " + e.getMessage())
                : new Outcome.Failed("backfill: " + e.getMessage());
    }

    private void begin(BackfillWork work, KeyOrder order) throws SQLException {
        long rows = order.rows();
        inTransaction(() -> {
            session.records().begins(Step.BACKFILL, 1, work.checksum());
            session.records().backfillBegins(rows);
            return true;
        });
    }

    private Outcome fill(BackfillWork work, KeyOrder order) throws SQLException, InterruptedException {
        BatchSize size = new BatchSize(work.firstRows(), work.batchTime());
        ShardRecord before = session.records().read();
        long filled = before.rowsDone();
        List<String> last = session.records().lastKey();
        int refusals = 0;
        while (true) {
            if (!mayGoOn(work)) {
                return new Outcome.Deferred("the backfill was interrupted, and goes on where it is");
            }
            long began = System.nanoTime();
            List<String> from = last;
            try {
                Optional<KeyOrder.End> end = inTransaction(() -> batch(work, order, from, size.rows()));
                if (end.isEmpty()) {
                    return new Outcome.Done();
                }
                last = end.get().key();
                filled += end.get().rows();
                refusals = 0;
                size.took(Duration.ofNanos(System.nanoTime() - began));
                listener.filled(filled, Math.max(filled, before.rowsTotal()));
            } catch (SQLException e) {
                if (!SqlStates.isContended(e) || ++refusals >= limits.lockAttempts()) {
                    throw e;
                }
                size.halve();
                progress.awaitsLock(refusals, "the backfill waits for rows that somebody holds: " + e.getMessage());
                progress.rest(ApplyLimits.rest(refusals));
            }
        }
    }

    /** Empty when no row was left, and that is recorded. */
    private Optional<KeyOrder.End> batch(BackfillWork work, KeyOrder order, @Nullable List<String> from, int rows)
            throws SQLException {
        Optional<KeyOrder.End> end = order.end(from, rows);
        if (end.isEmpty()) {
            session.records().done(Step.BACKFILL, 1);
            return end;
        }
        // What a person wrote ends with a line, so that a comment in it ends, too.
        session.execute("UPDATE " + work.table() + " SET " + work.set() + "\nWHERE "
                + order.between(from, end.get().key()) + " AND (" + work.where() + "\n)");
        session.records().backfillGoesOn(from, end.get().key(), end.get().rows());
        return end;
    }

    private boolean mayGoOn(BackfillWork work) throws SQLException, InterruptedException {
        while (!progress.isOver()) {
            Optional<String> reason = brake.reason();
            if (reason.isEmpty() && work.maxActiveSessions() != null) {
                reason = ServerLoad.trouble(session.connection(), work.maxActiveSessions());
            }
            if (reason.isEmpty()) {
                return true;
            }
            listener.paused(reason.get());
            progress.rest(PAUSE);
        }
        return false;
    }

    private interface Work<T> {
        T run() throws SQLException;
    }

    private <T> T inTransaction(Work<T> work) throws SQLException {
        Connection connection = session.connection();
        connection.setAutoCommit(false);
        try {
            T result = work.run();
            connection.commit();
            return result;
        } catch (SQLException e) {
            session.rollBack(e);
            throw e;
        } finally {
            if (!connection.isClosed()) {
                connection.setAutoCommit(true);
            }
        }
    }
}
