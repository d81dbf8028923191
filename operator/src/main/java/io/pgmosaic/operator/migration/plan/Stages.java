package io.pgmosaic.operator.migration.plan;

import io.pgmosaic.api.v1alpha1.cluster.SchemaChangeState;
import io.pgmosaic.api.v1alpha1.cluster.SchemaStage;
import io.pgmosaic.operator.migration.plan.MigrationFacts.OnFailure;
import io.pgmosaic.operator.migration.record.ShardRecord;
import io.pgmosaic.operator.migration.record.Step;
import org.jspecify.annotations.Nullable;

import java.util.HashMap;
import java.util.Map;

/** How far applications may be told that each shard is. Pure. */
public final class Stages {
    private Stages() {}

    /**
     * What a migration that rolls back by itself has done is not told until every shard is filled, from where it does not go back.
     *
     * @param told what they have been told; null for nothing
     */
    public static Map<String, SchemaStage> of(MigrationFacts facts, @Nullable SchemaChangeState told) {
        Map<String, SchemaStage> stages = new HashMap<>();
        facts.shards().forEach(shard -> stages.put(shard.name(), stage(shard, facts.work(), told)));
        boolean mayGoBack = facts.rollout().onFailure() == OnFailure.ROLL_BACK
                && stages.values().stream().anyMatch(stage -> stage.compareTo(SchemaStage.FILLED) < 0);
        if (mayGoBack) {
            stages.replaceAll((shard, stage) -> least(stage, before(shard, told)));
        }
        return stages;
    }

    /** While a step runs, and while a shard cannot be looked at, it is no farther than was seen. */
    private static SchemaStage stage(ShardFacts shard, MigrationFacts.Work work, @Nullable SchemaChangeState told) {
        if (shard.isRunning() || shard.record().isEmpty()) {
            return before(shard.name(), told);
        }
        ShardRecord record = shard.record().get();
        if (record.hasBegun(Step.UNDO) || !isDone(record, Step.EXPAND, work)) {
            return SchemaStage.NONE;
        }
        if (!isDone(record, Step.BACKFILL, work)) {
            return SchemaStage.EXPANDED;
        }
        return isDone(record, Step.CONTRACT, work) ? SchemaStage.COMPLETE : SchemaStage.FILLED;
    }

    private static boolean isDone(ShardRecord record, Step step, MigrationFacts.Work work) {
        return record.isDone(step, work.of(step).size());
    }

    private static SchemaStage before(String shard, @Nullable SchemaChangeState told) {
        return told == null ? SchemaStage.NONE : told.on(shard);
    }

    private static SchemaStage least(SchemaStage one, SchemaStage other) {
        return one.compareTo(other) < 0 ? one : other;
    }
}
