package io.pgmosaic.operator.migration.plan;

import io.pgmosaic.api.v1alpha1.migration.MigrationPhase;
import io.pgmosaic.operator.migration.record.Step;

import java.util.List;

/**
 * @param phase that the migration is in
 * @param step that is under way; any one where no shard begins
 * @param begin the shards on which it may begin now
 * @param waitingFor what it waits for; empty when it does not
 * @param needsPerson why it will not go on by itself; empty when it will
 */
public record MigrationPlan(
        MigrationPhase phase, Step step, List<String> begin, String waitingFor, String needsPerson) {
    public MigrationPlan {
        begin = List.copyOf(begin);
    }

    static MigrationPlan person(MigrationPhase phase, Step step, String what) {
        return new MigrationPlan(phase, step, List.of(), what, what);
    }

    static MigrationPlan waits(MigrationPhase phase, Step step, String what) {
        return new MigrationPlan(phase, step, List.of(), what, "");
    }

    /** The same, of which nothing begins now. */
    public MigrationPlan waitingFor(String what) {
        return new MigrationPlan(phase, step, List.of(), what, needsPerson);
    }

    /** Whether nothing is left to do. */
    public boolean isEnded() {
        return phase == MigrationPhase.COMPLETED || phase == MigrationPhase.ROLLED_BACK;
    }
}
