package io.pgmosaic.operator.migration.plan;

import io.pgmosaic.operator.migration.record.ShardRecord;
import io.pgmosaic.operator.migration.record.Step;

import java.util.Optional;

/**
 * What is known of one shard.
 *
 * @param record what has run there; empty while that is not known
 * @param notReady why nothing should begin there now; empty when it may
 * @param isRunning whether a step is being run by this operator
 * @param failure what the last try ended with; empty when it did not fail
 */
public record ShardFacts(
        String name, Optional<ShardRecord> record, String notReady, boolean isRunning, Optional<Failure> failure) {
    /**
     * @param step that failed
     * @param isDue whether it is time to try again
     */
    public record Failure(Step step, String why, boolean isDue) {}

    /** Whether the shard is known to have nothing of the migration. */
    public boolean isUntouched() {
        return !isRunning
                && record.filter(found -> found.statements().isEmpty()).isPresent();
    }
}
