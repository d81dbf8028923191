package io.pgmosaic.operator.migration.plan;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * All that a plan is made from.
 *
 * @param work what is declared
 * @param rollout how carefully
 * @param shards in the order in which they are changed: canaries first
 * @param now by which pauses are measured
 */
public record MigrationFacts(Work work, Rollout rollout, List<ShardFacts> shards, Instant now) {
    public MigrationFacts {
        shards = List.copyOf(shards);
    }

    /**
     * Checksums of the statements, in their order.
     *
     * @param backfill of one statement, or none
     */
    public record Work(List<String> expand, List<String> backfill, List<String> contract, List<String> undo) {
        public Work {
            expand = List.copyOf(expand);
            backfill = List.copyOf(backfill);
            contract = List.copyOf(contract);
            undo = List.copyOf(undo);
        }

        List<String> of(io.pgmosaic.operator.migration.record.Step step) {
            return switch (step) {
                case EXPAND -> expand;
                case BACKFILL -> backfill;
                case CONTRACT -> contract;
                case UNDO -> undo;
            };
        }
    }

    /** What happens when a shard fails. */
    public enum OnFailure {
        STOP,
        CONTINUE,
        ROLL_BACK
    }

    /**
     * @param canaries how many of the shards go first
     * @param maxParallel how many are changed at one time
     * @param pause between one wave and the next
     * @param isContractApproved whether contract may begin
     * @param isTakenBack whether applications have been told that it is undone
     */
    public record Rollout(
            int canaries,
            int maxParallel,
            Duration pause,
            boolean isContractApproved,
            OnFailure onFailure,
            boolean isTakenBack) {}
}
