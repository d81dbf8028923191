package io.pgmosaic.operator.migration.plan;

import io.pgmosaic.api.v1alpha1.migration.MigrationPhase;
import io.pgmosaic.operator.migration.plan.MigrationFacts.OnFailure;
import io.pgmosaic.operator.migration.plan.MigrationFacts.Rollout;
import io.pgmosaic.operator.migration.plan.MigrationFacts.Work;
import io.pgmosaic.operator.migration.record.ShardRecord;
import io.pgmosaic.operator.migration.record.Step;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

import static org.assertj.core.api.Assertions.assertThat;

class MigrationPlannerTest {
    private static final Instant NOW = Instant.parse("2026-03-01T02:00:00Z");
    private static final Work WORK = new Work(List.of("e1", "e2"), List.of("b"), List.of("c"), List.of("u"));

    private static Rollout rollout(OnFailure onFailure, boolean approved) {
        return new Rollout(1, 2, Duration.ZERO, approved, onFailure, false);
    }

    /** A shard that has done the first so many statements of all. */
    private static ShardFacts shard(String name, int statements) {
        return shard(name, statements, "", false, Optional.empty());
    }

    private static ShardFacts shard(
            String name, int statements, String notReady, boolean runs, Optional<ShardFacts.Failure> failure) {
        List<ShardRecord.Entry> all = List.of(
                entry(Step.EXPAND, 1, "e1"),
                entry(Step.EXPAND, 2, "e2"),
                entry(Step.BACKFILL, 1, "b"),
                entry(Step.CONTRACT, 1, "c"));
        return new ShardFacts(
                name, Optional.of(new ShardRecord(all.subList(0, statements), 0, 0)), notReady, runs, failure);
    }

    private static ShardRecord.Entry entry(Step step, int number, String checksum) {
        return new ShardRecord.Entry(step, number, checksum, Optional.of(NOW.minusSeconds(30)));
    }

    private static ShardFacts failed(String name, int statements, boolean isDue) {
        Step step = statements < 2 ? Step.EXPAND : statements == 2 ? Step.BACKFILL : Step.CONTRACT;
        return shard(name, statements, "", false, Optional.of(new ShardFacts.Failure(step, "it exists", isDue)));
    }

    private static MigrationPlan plan(Rollout rollout, ShardFacts... shards) {
        return MigrationPlanner.plan(new MigrationFacts(WORK, rollout, List.of(shards), NOW));
    }

    private static MigrationPlan plan(ShardFacts... shards) {
        return plan(rollout(OnFailure.STOP, false), shards);
    }

    @Test
    void canariesGoFirst() {
        assertThat(plan(shard("s0", 0), shard("s1", 0), shard("s2", 0)).begin()).containsExactly("s0");
        assertThat(plan(shard("s0", 1), shard("s1", 0), shard("s2", 0)).begin()).containsExactly("s0");
        assertThat(plan(shard("s0", 2), shard("s1", 0), shard("s2", 0), shard("s3", 0))
                        .begin())
                .containsExactly("s1", "s2");
        assertThat(plan(shard("s0", 2), shard("s1", 0, "", true, Optional.empty()), shard("s2", 0), shard("s3", 0))
                        .begin())
                .containsExactly("s2");
    }

    @Test
    void noStepBeginsBeforeAllShardsHaveTheOneBefore() {
        MigrationPlan plan = plan(shard("s0", 2), shard("s1", 1));
        assertThat(plan.step()).isEqualTo(Step.EXPAND);
        assertThat(plan.begin()).containsExactly("s1");
        assertThat(plan(shard("s0", 2), shard("s1", 2)).step()).isEqualTo(Step.BACKFILL);
        assertThat(plan(rollout(OnFailure.CONTINUE, true), failed("s0", 2, true), shard("s1", 3))
                        .step())
                .isEqualTo(Step.BACKFILL);
    }

    @Test
    void contractAwaitsApproval() {
        MigrationPlan plan = plan(shard("s0", 3), shard("s1", 3));
        assertThat(plan.phase()).isEqualTo(MigrationPhase.AWAITING_APPROVAL);
        assertThat(plan.needsPerson()).contains("spec.approved");
        assertThat(plan(rollout(OnFailure.STOP, true), shard("s0", 3), shard("s1", 3))
                        .begin())
                .containsExactly("s0");
        assertThat(plan(shard("s0", 4), shard("s1", 4)).phase()).isEqualTo(MigrationPhase.COMPLETED);
    }

    @Test
    void wavesKeepTheirDistance() {
        Rollout slow = new Rollout(1, 2, Duration.ofMinutes(1), false, OnFailure.STOP, false);
        MigrationPlan waiting = plan(slow, shard("s0", 2), shard("s1", 0));
        assertThat(waiting.begin()).isEmpty();
        assertThat(waiting.waitingFor()).isEqualTo("the next wave begins in 30 s");
        Rollout quick = new Rollout(1, 2, Duration.ofSeconds(30), false, OnFailure.STOP, false);
        assertThat(plan(quick, shard("s0", 2), shard("s1", 0), shard("s2", 0), shard("s3", 0))
                        .begin())
                .containsExactly("s1", "s2");
        assertThat(plan(
                                quick,
                                shard("s0", 2),
                                shard("s1", 2),
                                shard("s2", 0, "", true, Optional.empty()),
                                shard("s3", 0))
                        .begin())
                .isEmpty();
    }

    @Test
    void aFailureStopsFurtherShardsOrNot() {
        MigrationPlan stopped = plan(shard("s0", 2), failed("s1", 0, false), shard("s2", 0), shard("s3", 1));
        assertThat(stopped.begin()).containsExactly("s3");
        assertThat(stopped.needsPerson()).contains("shard s1: it exists", "tried again by itself");
        assertThat(plan(shard("s0", 2), failed("s1", 0, true), shard("s2", 0)).begin())
                .containsExactly("s1");
        assertThat(plan(rollout(OnFailure.CONTINUE, false), failed("s0", 0, false), shard("s1", 0))
                        .begin())
                .containsExactly("s1");
    }

    @Test
    void aFailureOfExpandOrBackfillIsTakenBackWherePolicySaysSo() {
        Rollout back = rollout(OnFailure.ROLL_BACK, true);
        MigrationPlan plan = plan(back, shard("s0", 2), failed("s1", 1, true), shard("s2", 0));
        assertThat(plan.phase()).isEqualTo(MigrationPhase.ROLLING_BACK);
        assertThat(plan(back, shard("s0", 3), failed("s1", 3, true)).step()).isEqualTo(Step.CONTRACT);
        ShardRecord undone = new ShardRecord(
                List.of(entry(Step.EXPAND, 1, "e1"), entry(Step.UNDO, 0, ""), entry(Step.UNDO, 1, "u")), 0, 0);
        ShardRecord closed = new ShardRecord(List.of(entry(Step.UNDO, 0, "")), 0, 0);
        ShardFacts first = new ShardFacts("s0", Optional.of(undone), "", false, Optional.empty());
        ShardFacts second = new ShardFacts("s1", Optional.of(closed), "", false, Optional.empty());
        assertThat(plan(first, shard("s1", 0)).begin()).containsExactly("s1");
        assertThat(plan(first, second).phase()).isEqualTo(MigrationPhase.ROLLED_BACK);
    }

    @Test
    void whatHasRunAnywhereIsNotChanged() {
        Work changed = new Work(List.of("e1", "other"), List.of("b"), List.of("c"), List.of());
        MigrationPlan plan = MigrationPlanner.plan(new MigrationFacts(
                changed, rollout(OnFailure.STOP, true), List.of(shard("s0", 1), shard("s1", 2)), NOW));
        assertThat(plan.begin()).isEmpty();
        assertThat(plan.needsPerson()).contains("expand statement 2", "shard s1", "another SchemaMigration");
        assertThat(MigrationPlanner.plan(new MigrationFacts(
                                changed, rollout(OnFailure.STOP, true), List.of(shard("s0", 1), shard("s1", 0)), NOW))
                        .begin())
                .containsExactly("s0");
    }

    @Test
    void nothingBeginsWhileAShardIsUnknownOrNotReady() {
        ShardFacts unknown = new ShardFacts("s1", Optional.empty(), "it has no primary", false, Optional.empty());
        MigrationPlan plan = plan(shard("s0", 0), unknown);
        assertThat(plan.begin()).isEmpty();
        assertThat(plan.waitingFor()).contains("s1", "it has no primary");
        MigrationPlan waits = plan(shard("s0", 0, "it fails over", false, Optional.empty()), shard("s1", 0));
        assertThat(waits.begin()).isEmpty();
        assertThat(waits.waitingFor()).isEqualTo("shard s0: it fails over");
    }

    @Test
    void allAtOnceWithoutCanaries() {
        List<ShardFacts> shards =
                IntStream.range(0, 5).mapToObj(i -> shard("s" + i, 0)).toList();
        Rollout rollout = new Rollout(0, 4, Duration.ZERO, true, OnFailure.STOP, false);
        assertThat(MigrationPlanner.plan(new MigrationFacts(WORK, rollout, shards, NOW))
                        .begin())
                .containsExactly("s0", "s1", "s2", "s3");
    }

    /** Applications have been told so, and nobody tells them otherwise again. */
    @Test
    void whatIsTakenBackIsUndoneThoughThePolicyHasChanged() {
        Rollout rollout = new Rollout(1, 2, Duration.ZERO, true, OnFailure.STOP, true);
        assertThat(MigrationPlanner.plan(new MigrationFacts(WORK, rollout, List.of(shard("s0", 1)), NOW))
                        .phase())
                .isEqualTo(MigrationPhase.ROLLING_BACK);
    }
}
