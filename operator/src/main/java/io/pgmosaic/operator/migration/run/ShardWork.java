package io.pgmosaic.operator.migration.run;

import io.pgmosaic.operator.migration.apply.ApplyLimits;
import io.pgmosaic.operator.migration.apply.Outcome;
import io.pgmosaic.operator.migration.apply.Progress;
import io.pgmosaic.operator.migration.apply.ShardSession;
import io.pgmosaic.operator.migration.apply.StepRun;
import io.pgmosaic.operator.migration.backfill.BackfillRun;
import io.pgmosaic.operator.migration.record.MigrationId;
import io.pgmosaic.operator.migration.record.ShardRecord;
import io.pgmosaic.operator.migration.record.Step;
import io.pgmosaic.operator.split.ShardDatabase;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;

/** One step on one shard: from a session of its own to its outcome. */
final class ShardWork {
    private final MigrationId migration;
    private final DeclaredWork declared;
    private final ApplyLimits limits;

    ShardWork(MigrationId migration, DeclaredWork declared, ApplyLimits limits) {
        this.migration = migration;
        this.declared = declared;
        this.limits = limits;
    }

    /**
     * Blocks until the step is done, or cannot be.
     *
     * @throws SQLException when the session cannot be had, or was lost: what is done is in the shard's record
     */
    Outcome run(
            ShardDatabase database,
            Step step,
            Progress progress,
            BackfillRun.Brake brake,
            BackfillRun.Listener listener)
            throws SQLException, InterruptedException {
        Optional<ShardSession> open = ShardSession.open(database, migration, progress::isOver);
        if (open.isEmpty()) {
            return new Outcome.Deferred("another session is changing this shard: its end is awaited");
        }
        try (ShardSession session = open.get()) {
            StepRun statements = new StepRun(session, limits, progress);
            return switch (step) {
                case EXPAND, CONTRACT -> statements.run(step, declared.of(step));
                case BACKFILL ->
                    declared.backfill().isEmpty()
                            ? new Outcome.Done()
                            : new BackfillRun(session, limits, progress, brake, listener)
                                    .run(declared.backfill().get());
                case UNDO -> undo(session, statements);
            };
        }
    }

    private Outcome undo(ShardSession session, StepRun statements) throws SQLException, InterruptedException {
        ShardRecord record = session.records().read();
        if (record.find(Step.UNDO, 0).isEmpty()) {
            close(session);
            // What went forward until then is seen only now.
            record = session.records().read();
        }
        return record.hasBegun(Step.EXPAND) ? statements.run(Step.UNDO, declared.of(Step.UNDO)) : new Outcome.Done();
    }

    private static void close(ShardSession session) throws SQLException {
        Connection connection = session.connection();
        connection.setAutoCommit(false);
        try {
            session.records().begins(Step.UNDO, 0, "");
            session.records().done(Step.UNDO, 0);
            connection.commit();
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
