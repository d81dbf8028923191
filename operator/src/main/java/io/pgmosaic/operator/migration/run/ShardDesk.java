package io.pgmosaic.operator.migration.run;

import io.pgmosaic.api.v1alpha1.migration.ShardMigration;
import io.pgmosaic.api.v1alpha1.migration.ShardMigrationPhase;
import io.pgmosaic.operator.migration.backfill.BackfillRun;
import io.pgmosaic.operator.migration.plan.ShardFacts;
import io.pgmosaic.operator.migration.record.ShardRecord;
import io.pgmosaic.operator.migration.record.Step;
import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * What this operator knows of one shard: what it saw there last, whether a step runs, and what the last one ended with. All of it
 * is found again by another operator, or by trying again. Used by several threads.
 */
final class ShardDesk implements BackfillRun.Listener {
    private static final Duration AFTER_TROUBLE = Duration.ofSeconds(2);
    private static final Duration LONGEST_REST = Duration.ofMinutes(1);

    private final String shard;
    private @Nullable ShardRecord record;
    private long term;
    private boolean running;
    private int failures;
    private ShardFacts.@Nullable Failure failure;
    private @Nullable String trouble;
    private Instant notBefore = Instant.MIN;
    private long rows;
    private long rowsTotal;

    ShardDesk(String shard) {
        this.shard = shard;
    }

    String shard() {
        return shard;
    }

    synchronized boolean isRunning() {
        return running;
    }

    /** Whether what is known is of this term; a primary of another one may know less. */
    synchronized boolean knows(long presentTerm) {
        return record != null && term == presentTerm;
    }

    synchronized void saw(ShardRecord found, long inTerm) {
        record = found;
        term = inTerm;
        rows = found.rowsDone();
        rowsTotal = found.rowsTotal();
    }

    /** Another operator may have been at it. */
    synchronized void forget() {
        record = null;
    }

    synchronized void begins() {
        running = true;
        trouble = null;
    }

    synchronized void done() {
        ended();
        failures = 0;
        failure = null;
    }

    synchronized void failed(Step step, String why, Instant now) {
        ended();
        failures++;
        failure = new ShardFacts.Failure(step, why, false);
        Duration rest = Duration.ofSeconds(1L << Math.min(failures, 6));
        notBefore = now.plus(rest.compareTo(LONGEST_REST) > 0 ? LONGEST_REST : rest);
    }

    synchronized void deferred(String why, Instant now) {
        ended();
        trouble = why;
        notBefore = now.plus(AFTER_TROUBLE);
    }

    synchronized void cannotBeSeen(String why) {
        record = null;
        trouble = why;
    }

    private void ended() {
        running = false;
        record = null;
    }

    synchronized void awaitsLock(String message) {
        trouble = message;
    }

    @Override
    public synchronized void filled(long filled, long total) {
        rows = filled;
        rowsTotal = total;
        trouble = null;
    }

    @Override
    public synchronized void paused(String why) {
        trouble = "the backfill pauses: " + why;
    }

    synchronized long rows() {
        return rows;
    }

    synchronized long rowsTotal() {
        return rowsTotal;
    }

    /** @param notReady why nothing should begin there; empty when it may */
    synchronized ShardFacts facts(String notReady, Instant now) {
        boolean rests = now.isBefore(notBefore);
        String why = !notReady.isEmpty() ? notReady : trouble != null && (rests || record == null) ? trouble : "";
        return new ShardFacts(
                shard,
                // What a step that runs has done is in its own hands.
                Optional.ofNullable(running && record == null ? ShardRecord.empty() : record),
                why,
                running,
                Optional.ofNullable(failure).map(last -> new ShardFacts.Failure(last.step(), last.why(), !rests)));
    }

    /** @param present the step that is under way; null when all are done */
    synchronized ShardMigration told(@Nullable Step present, boolean isDone) {
        ShardMigrationPhase phase = isDone
                ? ShardMigrationPhase.COMPLETE
                : running
                        ? ShardMigrationPhase.RUNNING
                        : failure != null ? ShardMigrationPhase.FAILED : ShardMigrationPhase.PENDING;
        return new ShardMigration(
                shard,
                phase,
                present == null || isDone ? null : present.word(),
                failures == 0 ? null : failures,
                isDone ? null : failure != null ? failure.why() : trouble,
                rowsTotal == 0 ? null : rows,
                rowsTotal == 0 ? null : rowsTotal);
    }
}
