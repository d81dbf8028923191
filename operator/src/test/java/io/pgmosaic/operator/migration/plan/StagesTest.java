package io.pgmosaic.operator.migration.plan;

import io.pgmosaic.api.v1alpha1.cluster.SchemaChangeState;
import io.pgmosaic.api.v1alpha1.cluster.SchemaStage;
import io.pgmosaic.api.v1alpha1.cluster.ShardStageState;
import io.pgmosaic.operator.migration.plan.MigrationFacts.OnFailure;
import io.pgmosaic.operator.migration.plan.MigrationFacts.Rollout;
import io.pgmosaic.operator.migration.plan.MigrationFacts.Work;
import io.pgmosaic.operator.migration.record.ShardRecord;
import io.pgmosaic.operator.migration.record.Step;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import static org.assertj.core.api.Assertions.assertThat;

class StagesTest {
    private static final Instant NOW = Instant.parse("2026-03-01T02:00:00Z");
    private static final Work WORK = new Work(List.of("e1", "e2"), List.of("b"), List.of("c"), List.of("u"));
    private static final SchemaChangeState TOLD = new SchemaChangeState(
            "notes", "u1", null, SchemaStage.NONE, List.of(new ShardStageState("s0", SchemaStage.EXPANDED)), null);

    /** One that has done the first so many statements of all; one more is begun. */
    private static ShardRecord record(int done) {
        List<ShardRecord.Entry> entries = new ArrayList<>();
        List<Step> steps = List.of(Step.EXPAND, Step.EXPAND, Step.BACKFILL, Step.CONTRACT);
        for (int i = 0; i < Math.min(done + 1, steps.size()); i++) {
            entries.add(new ShardRecord.Entry(
                    steps.get(i), i == 1 ? 2 : 1, "c", i < done ? Optional.of(NOW) : Optional.empty()));
        }
        return new ShardRecord(entries, 0, 0);
    }

    private static ShardFacts shard(String name, @Nullable ShardRecord record, boolean runs) {
        return new ShardFacts(name, Optional.ofNullable(record), "", runs, Optional.empty());
    }

    private static Map<String, SchemaStage> stages(
            OnFailure onFailure, @Nullable SchemaChangeState told, ShardFacts... shards) {
        return Stages.of(
                new MigrationFacts(
                        WORK, new Rollout(1, 2, Duration.ZERO, true, onFailure, false), List.of(shards), NOW),
                told);
    }

    @ParameterizedTest
    @CsvSource({"0, NONE", "1, NONE", "2, EXPANDED", "3, FILLED", "4, COMPLETE"})
    void aStageIsReachedWhenItsLastStatementIsDone(int done, SchemaStage stage) {
        assertThat(stages(OnFailure.STOP, null, shard("s0", record(done), false)))
                .containsEntry("s0", stage);
    }

    @Test
    void aShardThatRunsOrIsNotSeenIsWhereItWas() {
        assertThat(stages(OnFailure.STOP, TOLD, shard("s0", ShardRecord.empty(), true), shard("s1", null, false)))
                .isEqualTo(Map.of("s0", SchemaStage.EXPANDED, "s1", SchemaStage.NONE));
    }

    @Test
    void whatALostLogHasTakenAlongIsNotThere() {
        assertThat(stages(OnFailure.STOP, TOLD, shard("s0", record(1), false))).containsEntry("s0", SchemaStage.NONE);
    }

    @Test
    void whatMayBeRolledBackIsNotToldBeforeAllAreFilled() {
        assertThat(stages(OnFailure.ROLL_BACK, null, shard("s0", record(3), false), shard("s1", record(2), false)))
                .isEqualTo(Map.of("s0", SchemaStage.NONE, "s1", SchemaStage.NONE));
        assertThat(stages(OnFailure.ROLL_BACK, null, shard("s0", record(4), false), shard("s1", record(3), false)))
                .isEqualTo(Map.of("s0", SchemaStage.COMPLETE, "s1", SchemaStage.FILLED));
    }

    @Test
    void whatWasToldBeforeThePolicyChangedStaysUntilItIsTakenBack() {
        assertThat(stages(OnFailure.ROLL_BACK, TOLD, shard("s0", record(3), false), shard("s1", record(2), false)))
                .isEqualTo(Map.of("s0", SchemaStage.EXPANDED, "s1", SchemaStage.NONE));
    }

    @Test
    void whatIsUndoneIsNotThere() {
        ShardRecord undone = new ShardRecord(
                List.of(
                        new ShardRecord.Entry(Step.EXPAND, 1, "e1", Optional.of(NOW)),
                        new ShardRecord.Entry(Step.EXPAND, 2, "e2", Optional.of(NOW)),
                        new ShardRecord.Entry(Step.UNDO, 0, "", Optional.of(NOW))),
                0,
                0);
        assertThat(stages(OnFailure.STOP, null, shard("s0", undone, false))).containsEntry("s0", SchemaStage.NONE);
    }
}
