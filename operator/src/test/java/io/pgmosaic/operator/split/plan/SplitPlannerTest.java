package io.pgmosaic.operator.split.plan;

import io.pgmosaic.api.v1alpha1.split.SplitPhase;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

import static org.assertj.core.api.Assertions.assertThat;

class SplitPlannerTest {
    private static final long SEED = Long.getLong("pgmosaic.test.seed", 20_261_123L);

    /** A part that does what it is told, as an operator would find it afterwards. */
    private static final class Part {
        long sourceTerm = 1;
        long targetTerm = 1;
        long frozen;
        long sourceMap = 1;
        long targetMap = 1;
        boolean refusesDdl;
        CopyFacts atTarget = CopyFacts.none();
        CopyFacts atSource = CopyFacts.none();
        StreamFacts forward = StreamFacts.none();
        StreamFacts reverse = StreamFacts.none();
        boolean targetReady = true;
        CloneStage stage = CloneStage.NONE;

        PartFacts facts(boolean switched) {
            return new PartFacts(
                    new SideFacts("s0", true, sourceTerm, sourceMap, switched ? 0 : frozen, refusesDdl),
                    new SideFacts("s1", targetReady, targetTerm, targetMap, switched ? frozen : 0, refusesDdl),
                    atTarget,
                    atSource,
                    forward,
                    reverse,
                    stage);
        }

        private void go(boolean switched, StreamFacts stream) {
            if (switched) {
                reverse = stream;
            } else {
                forward = stream;
            }
        }

        private void back(boolean switched, StreamFacts stream) {
            go(!switched, stream);
        }

        private void copy(boolean switched, CopyFacts copy) {
            if (switched) {
                atSource = copy;
            } else {
                atTarget = copy;
            }
        }

        private CopyFacts copy(boolean switched) {
            return switched ? atSource : atTarget;
        }
    }

    private static final class World {
        final Part part = new Part();
        long map = 1;
        boolean switched;
        boolean finished;
        boolean giveUp;
        boolean mayCutOver = true;
        boolean forgotten;
        Duration sinceSwitch = Duration.ZERO;
        final List<SplitPhase> phases = new ArrayList<>();
        final List<Class<? extends SplitStep>> steps = new ArrayList<>();

        SplitPlan plan() {
            return SplitPlanner.plan(new SplitFacts(
                    map,
                    switched,
                    finished,
                    true,
                    List.of(part.facts(switched)),
                    new SplitFacts.Wishes(giveUp, mayCutOver, "not yet", sinceSwitch, Duration.ofHours(1))));
        }

        /** Returns whether there was something to do. */
        boolean step() {
            SplitPlan plan = plan();
            if (phases.isEmpty() || phases.getLast() != plan.phase()) {
                phases.add(plan.phase());
            }
            steps.add(plan.step().getClass());
            CopyFacts copy = part.copy(switched);
            switch (plan.step()) {
                case SplitStep.Wait nothing -> {
                    return false;
                }
                case SplitStep.AwaitShard nothing -> {
                    return false;
                }
                case SplitStep.PrepareSchema refuse -> part.refusesDdl = true;
                case SplitStep.PrepareClone prepare -> {
                    part.refusesDdl = true;
                    part.forward = new StreamFacts(true, false, false, false, false, 0, "");
                }
                case SplitStep.CutClone cut -> part.stage = CloneStage.CUT;
                case SplitStep.AdoptClone adopt -> part.stage = CloneStage.PRUNING;
                case SplitStep.PruneClone prune -> {
                    part.stage = CloneStage.NONE;
                    part.copy(switched, new CopyFacts(true, true, false, 0, 0));
                }
                case SplitStep.Copy copying -> {
                    part.copy(switched, new CopyFacts(true, switched, false, 0, 0));
                    part.go(switched, new StreamFacts(true, false, false, false, false, 9, ""));
                }
                case SplitStep.CompleteSchema complete ->
                    part.copy(switched, new CopyFacts(true, true, copy.isVerified(), 0, 0));
                case SplitStep.BeginStream begin -> {
                    assertThat((switched ? part.forward : part.reverse).isEnabled())
                            .as("both streams flow, and each change goes round: %s", steps)
                            .isFalse();
                    part.go(switched, new StreamFacts(true, false, true, true, true, 9, ""));
                }
                case SplitStep.Verify verify ->
                    part.copy(
                            switched,
                            new CopyFacts(
                                    true,
                                    true,
                                    true,
                                    switched ? part.targetTerm : part.sourceTerm,
                                    switched ? part.sourceTerm : part.targetTerm));
                case SplitStep.PrepareWayBack prepare ->
                    part.back(switched, new StreamFacts(true, false, true, false, false, 0, ""));
                case SplitStep.HandOver handOver -> {
                    assertThat(copy.isVerifiedIn(
                                    switched ? part.targetTerm : part.sourceTerm,
                                    switched ? part.sourceTerm : part.targetTerm))
                            .isTrue();
                    assertThat((switched ? part.forward : part.reverse).hasSlot())
                            .isTrue();
                    // What was stays on the side that loses the keys; its rows are those of the moment.
                    switched = !switched;
                    part.copy(switched, new CopyFacts(true, true, false, 0, 0));
                    newMap();
                }
                case SplitStep.ThawByNewMap thaw -> {
                    part.frozen = 0;
                    newMap();
                }
                case SplitStep.EndEarlierStream end -> part.back(switched, StreamFacts.none());
                case SplitStep.Finish finish -> {
                    finished = true;
                    newMap();
                }
                case SplitStep.EndStreams end -> {
                    part.forward = StreamFacts.none();
                    part.reverse = StreamFacts.none();
                }
                case SplitStep.Release release -> {
                    assertThat(release.prune()).isEqualTo(switched);
                    part.refusesDdl = false;
                }
                case SplitStep.Forget forget -> {
                    forgotten = true;
                    return false;
                }
            }
            return true;
        }

        private void newMap() {
            map++;
            part.sourceMap = map;
            part.targetMap = map;
        }

        void run() {
            for (int i = 0; i < 100 && step(); i++) {
                assertThat(i).as("steps that lead nowhere: %s", steps).isLessThan(99);
            }
        }
    }

    @Test
    void aSplitGoesThroughItsPhases() {
        World world = new World();
        world.run();
        assertThat(world.switched).isTrue();
        world.sinceSwitch = Duration.ofHours(1);
        world.run();
        assertThat(world.forgotten).isTrue();
        assertThat(world.phases)
                .containsExactly(
                        SplitPhase.PREPARING,
                        SplitPhase.COPYING,
                        SplitPhase.CATCHING_UP,
                        SplitPhase.VERIFYING,
                        SplitPhase.SWITCHING,
                        SplitPhase.SOAKING,
                        SplitPhase.FINALIZING);
    }

    /** After any number of steps, with failovers and half-made cut-overs on the way. */
    @Test
    void givingUpAtAnyTimeBringsTheKeysBack() {
        SplittableRandom random = new SplittableRandom(SEED);
        for (int round = 0; round < 2_000; round++) {
            World world = new World();
            int before = random.nextInt(25);
            for (int i = 0; i < before; i++) {
                world.step();
                disturb(world, random);
            }
            world.giveUp = true;
            for (int i = 0; i < 60 && !world.forgotten; i++) {
                world.step();
                if (i < 20) {
                    disturb(world, random);
                }
            }
            assertThat(world.forgotten)
                    .as("seed %s, round %s: %s", SEED, round, world.steps)
                    .isTrue();
            assertThat(world.switched).isFalse();
        }
    }

    private static void disturb(World world, SplittableRandom random) {
        switch (random.nextInt(8)) {
            case 0 -> {
                world.part.sourceTerm++;
                world.part.forward = lost(world.part.forward);
            }
            case 1 -> {
                world.part.targetTerm++;
                world.part.reverse = lost(world.part.reverse);
            }
            case 2 -> world.part.frozen = world.finished ? 0 : world.map;
            default -> {
                // Nothing happens.
            }
        }
    }

    private static StreamFacts lost(StreamFacts stream) {
        return stream.hasSlot()
                ? new StreamFacts(false, true, stream.hasSubscription(), stream.isEnabled(), false, 0, "gone")
                : stream;
    }

    /** Rows that came back are not sent there once more. */
    @Test
    void aRollbackRightAfterTheCutOverEndsTheEarlierStreamFirst() {
        World world = new World();
        while (!world.switched) {
            world.step();
        }
        world.giveUp = true;
        assertThat(world.plan())
                .isEqualTo(new SplitPlan(SplitPhase.ROLLING_BACK, new SplitStep.EndEarlierStream("s1")));
        world.run();
        assertThat(world.forgotten).isTrue();
        assertThat(world.switched).isFalse();
    }

    @Test
    void aRollbackThatIsTakenBackEndsTheEarlierStreamFirst() {
        World world = new World();
        while (!world.switched) {
            world.step();
        }
        world.step();
        world.step();
        world.giveUp = true;
        while (world.switched) {
            world.step();
        }
        world.giveUp = false;
        assertThat(world.plan().step()).isEqualTo(new SplitStep.EndEarlierStream("s1"));
    }

    @Test
    void aTargetThatNeverComesUpHoldsUpNoRollback() {
        World world = new World();
        world.part.targetReady = false;
        world.run();
        assertThat(world.plan().step()).isEqualTo(new SplitStep.AwaitShard("shard s1 is not ready"));
        world.giveUp = true;
        world.run();
        assertThat(world.forgotten).isTrue();
    }

    @Test
    void aCloneIsCutOnlyWhenTheSlotThatGoesOnFromThereIsKept() {
        World world = new World();
        world.part.stage = CloneStage.NEAR;
        assertThat(world.plan())
                .isEqualTo(new SplitPlan(SplitPhase.PREPARING, new SplitStep.PrepareClone("s1", false)));
        world.step();
        world.part.stage = CloneStage.FOLLOWING;
        assertThat(world.plan().step()).isEqualTo(new SplitStep.Wait("shard s1 is cloned from shard s0"));
        world.part.forward = StreamFacts.none();
        world.part.stage = CloneStage.NEAR;
        assertThat(world.plan().step()).isEqualTo(new SplitStep.PrepareClone("s1", false));
        world.step();
        world.part.forward = lost(world.part.forward);
        assertThat(world.plan().step()).isEqualTo(new SplitStep.PrepareClone("s1", true));
        world.step();
        assertThat(world.plan().step()).isEqualTo(new SplitStep.CutClone("s1"));
    }

    @Test
    void aCloneBecomesAShardAndIsPrunedBeforeItsStreamBegins() {
        World world = new World();
        world.part.stage = CloneStage.NEAR;
        world.run();
        assertThat(world.part.stage).isEqualTo(CloneStage.CUT);
        world.part.stage = CloneStage.FOREIGN;
        world.run();
        assertThat(world.switched).isTrue();
        assertThat(world.steps)
                .containsSubsequence(
                        SplitStep.AdoptClone.class, SplitStep.PruneClone.class, SplitStep.BeginStream.class)
                .doesNotContain(SplitStep.Copy.class);
    }

    /** Rows of a clone that are no part of the copy are pruned also when that does not count any more. */
    @Test
    void aCloneWhoseStreamIsLostIsPrunedAndThenCopiedFromRowToRow() {
        World world = new World();
        world.part.refusesDdl = true;
        world.part.stage = CloneStage.PRUNING;
        assertThat(world.plan().step()).isEqualTo(new SplitStep.PruneClone("s1"));
        world.part.stage = CloneStage.NONE;
        assertThat(world.plan().step()).isEqualTo(new SplitStep.Copy("s1"));
    }

    @Test
    void aCloneThatIsBeingMadeHoldsUpNoRollback() {
        World world = new World();
        world.part.targetReady = false;
        world.part.stage = CloneStage.FOLLOWING;
        world.run();
        world.giveUp = true;
        world.run();
        assertThat(world.forgotten).isTrue();
    }

    @Test
    void theCutOverAwaitsWhatAPersonSays() {
        World world = new World();
        world.mayCutOver = false;
        world.run();
        assertThat(world.plan()).isEqualTo(new SplitPlan(SplitPhase.AWAITING_APPROVAL, new SplitStep.Wait("not yet")));
        world.mayCutOver = true;
        world.run();
        assertThat(world.switched).isTrue();
    }

    @Test
    void aFailoverVoidsTheComparison() {
        World world = new World();
        world.mayCutOver = false;
        world.run();
        world.part.targetTerm++;
        assertThat(world.plan().step()).isEqualTo(new SplitStep.Verify("s1"));
    }

    @Test
    void aCopyWhoseStreamIsLostBeginsAnew() {
        World world = new World();
        world.mayCutOver = false;
        world.run();
        world.part.forward = lost(world.part.forward);
        assertThat(world.plan().step()).isEqualTo(new SplitStep.Copy("s1"));
    }

    @Test
    void whatIsFrozenIsThawedByANewMapAlone() {
        World world = new World();
        world.mayCutOver = false;
        world.run();
        world.part.frozen = world.map;
        assertThat(world.plan()).isEqualTo(new SplitPlan(SplitPhase.SWITCHING, new SplitStep.ThawByNewMap()));
        world.map++;
        assertThat(world.plan().step()).isInstanceOf(SplitStep.AwaitShard.class);
    }

    @Test
    void theSourceIsPrunedOnlyWithTheFinalMap() {
        World world = new World();
        world.run();
        world.sinceSwitch = Duration.ofHours(2);
        assertThat(world.plan().step()).isEqualTo(new SplitStep.Finish());
        world.finished = true;
        world.map++;
        assertThat(world.plan().step())
                .isEqualTo(new SplitStep.Wait("shard s0 does not have version 3 of the map yet"));
    }
}
