package io.pgmosaic.operator.split.plan;

import io.pgmosaic.api.v1alpha1.split.SplitPhase;
import io.pgmosaic.operator.split.plan.PartFacts.Direction;
import io.pgmosaic.operator.split.plan.SplitStep.AwaitShard;
import io.pgmosaic.operator.split.plan.SplitStep.BeginStream;
import io.pgmosaic.operator.split.plan.SplitStep.CompleteSchema;
import io.pgmosaic.operator.split.plan.SplitStep.Copy;
import io.pgmosaic.operator.split.plan.SplitStep.EndEarlierStream;
import io.pgmosaic.operator.split.plan.SplitStep.EndStreams;
import io.pgmosaic.operator.split.plan.SplitStep.Finish;
import io.pgmosaic.operator.split.plan.SplitStep.Forget;
import io.pgmosaic.operator.split.plan.SplitStep.HandOver;
import io.pgmosaic.operator.split.plan.SplitStep.PrepareSchema;
import io.pgmosaic.operator.split.plan.SplitStep.PrepareWayBack;
import io.pgmosaic.operator.split.plan.SplitStep.PruneClone;
import io.pgmosaic.operator.split.plan.SplitStep.Release;
import io.pgmosaic.operator.split.plan.SplitStep.ThawByNewMap;
import io.pgmosaic.operator.split.plan.SplitStep.Verify;
import io.pgmosaic.operator.split.plan.SplitStep.Wait;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Plans a split that is recorded. */
public final class SplitPlanner {
    /** With no more than this to be applied a comparison begins, and a cut-over is near enough to be tried. */
    public static final long NEAR_BYTES = 16L << 20;

    private SplitPlanner() {}

    public static SplitPlan plan(SplitFacts facts) {
        if (facts.finished()) {
            return ended(facts);
        }
        boolean undo = facts.wishes().giveUp();
        if (facts.parts().stream()
                .anyMatch(part -> part.direction(facts.switched()).sender().isFrozen(facts.mapVersion()))) {
            return new SplitPlan(undo ? SplitPhase.ROLLING_BACK : SplitPhase.SWITCHING, new ThawByNewMap());
        }
        if (undo) {
            return facts.switched()
                    ? towardsHandOver(facts, true)
                    : new SplitPlan(SplitPhase.ROLLING_BACK, new Finish());
        }
        return facts.switched() ? soaking(facts) : towardsHandOver(facts, false);
    }

    /** What is missing until the keys can be handed over, in its order. */
    private static SplitPlan towardsHandOver(SplitFacts facts, boolean undo) {
        if (!facts.switched()) {
            Optional<SplitPlan> cloning = Cloning.plan(facts.parts());
            if (cloning.isPresent()) {
                return cloning.get();
            }
        }
        List<Direction> directions = directions(facts);
        for (Direction part : directions) {
            for (SideFacts side : List.of(part.sender(), part.receiver())) {
                if (!side.isReady()) {
                    return plan(undo, SplitPhase.PREPARING, new AwaitShard(awaited(side, facts)));
                }
            }
        }
        if (directions.stream()
                .anyMatch(
                        part -> !part.sender().refusesDdl() || !part.receiver().refusesDdl())) {
            return plan(undo, SplitPhase.PREPARING, new PrepareSchema());
        }
        for (Direction part : directions) {
            for (SideFacts side : List.of(part.sender(), part.receiver())) {
                if (side.mapVersion() != facts.mapVersion()) {
                    return plan(undo, SplitPhase.PREPARING, new AwaitShard(awaited(side, facts)));
                }
            }
        }
        for (Direction part : directions) {
            // After a cut-over that is taken back at once. Of two streams that flow each would send on what the other
            // brought.
            if (part.back().isEnabled()) {
                return plan(
                        undo,
                        SplitPhase.CATCHING_UP,
                        new EndEarlierStream(part.part().name()));
            }
            if (!facts.switched() && part.part().cloneStage() == CloneStage.PRUNING) {
                return plan(undo, SplitPhase.COPYING, new PruneClone(part.part().name()));
            }
            if (!part.copy().isDone() || !part.go().hasSlot() || part.go().isLost()) {
                return plan(undo, SplitPhase.COPYING, new Copy(part.part().name()));
            }
            if (!part.copy().isIndexed()) {
                return plan(
                        undo, SplitPhase.COPYING, new CompleteSchema(part.part().name()));
            }
            if (!part.go().isEnabled()) {
                return plan(
                        undo,
                        SplitPhase.CATCHING_UP,
                        new BeginStream(part.part().name()));
            }
        }
        for (Direction part : directions) {
            StreamFacts stream = part.go();
            if (!stream.isFlowing() || stream.lagBytes() > NEAR_BYTES) {
                String how = stream.isFlowing()
                        ? stream.lagBytes() + " bytes of the log are to be applied"
                        : "no changes come" + (stream.trouble().isEmpty() ? "" : ": " + stream.trouble());
                return plan(
                        undo,
                        SplitPhase.CATCHING_UP,
                        new Wait("shard " + part.receiver().shard() + " is behind shard "
                                + part.sender().shard() + ": " + how));
            }
        }
        for (Direction part : directions) {
            if (!part.isVerified()) {
                return plan(undo, SplitPhase.VERIFYING, new Verify(part.part().name()));
            }
            if (!part.back().hasSlot() || part.back().isLost() || !part.back().hasSubscription()) {
                return plan(
                        undo,
                        SplitPhase.VERIFYING,
                        new PrepareWayBack(part.part().name()));
            }
        }
        if (!undo && !facts.wishes().mayCutOver()) {
            return new SplitPlan(
                    SplitPhase.AWAITING_APPROVAL, new Wait(facts.wishes().whyNot()));
        }
        return plan(undo, SplitPhase.SWITCHING, new HandOver());
    }

    private static SplitPlan plan(boolean undo, SplitPhase phase, SplitStep step) {
        return new SplitPlan(undo ? SplitPhase.ROLLING_BACK : phase, step);
    }

    /** The targets have the keys, and what they accept flows back. */
    private static SplitPlan soaking(SplitFacts facts) {
        for (Direction part : directions(facts)) {
            // The earlier stream first: what comes back would be sent there once more.
            if (!part.back().isGone()) {
                return new SplitPlan(
                        SplitPhase.SOAKING, new EndEarlierStream(part.part().name()));
            }
            if (part.go().hasSlot() && !part.go().isLost() && !part.go().isEnabled()) {
                return new SplitPlan(
                        SplitPhase.SOAKING, new BeginStream(part.part().name()));
            }
        }
        Duration left = facts.wishes().soakTime().minus(facts.wishes().sinceSwitch());
        if (!left.isPositive()) {
            return new SplitPlan(SplitPhase.FINALIZING, new Finish());
        }
        return new SplitPlan(SplitPhase.SOAKING, new Wait(soak(facts)));
    }

    private static String soak(SplitFacts facts) {
        for (Direction part : directions(facts)) {
            if (!part.go().hasSlot() || part.go().isLost()) {
                return "shard " + part.sender().shard()
                        + " has lost the stream back by a failover: a rollback would copy its rows back first";
            }
            if (!part.go().isFlowing()) {
                return "changes do not flow back to shard " + part.receiver().shard()
                        + (part.go().trouble().isEmpty() ? "" : ": " + part.go().trouble());
            }
        }
        return "a rollback loses nothing";
    }

    private static SplitPlan ended(SplitFacts facts) {
        return facts.switched() ? completing(facts) : undone(facts);
    }

    /** The targets are removed with all that is in them, so nothing is awaited from them. */
    private static SplitPlan undone(SplitFacts facts) {
        for (PartFacts part : facts.parts()) {
            if (!hasFinalMap(part.source(), facts)) {
                return awaitingMap(SplitPhase.ROLLING_BACK, part.source(), facts);
            }
            if (part.forward().hasSlot() || part.reverse().hasSubscription()) {
                return new SplitPlan(SplitPhase.ROLLING_BACK, new EndStreams(part.name()));
            }
        }
        boolean released =
                facts.parts().stream().noneMatch(part -> part.source().refusesDdl());
        return new SplitPlan(SplitPhase.ROLLING_BACK, released ? new Forget() : new Release(false));
    }

    /** Before both guards have the final map, a delayed command could still open the source's. */
    private static SplitPlan completing(SplitFacts facts) {
        boolean stays = facts.sourceStays();
        for (PartFacts part : facts.parts()) {
            for (SideFacts side : stays ? List.of(part.source(), part.target()) : List.of(part.target())) {
                if (!hasFinalMap(side, facts)) {
                    return awaitingMap(SplitPhase.FINALIZING, side, facts);
                }
            }
            boolean atTarget = part.reverse().hasSlot() || part.forward().hasSubscription();
            boolean atSource = part.forward().hasSlot() || part.reverse().hasSubscription();
            if (atTarget || (stays && atSource)) {
                return new SplitPlan(SplitPhase.FINALIZING, new EndStreams(part.name()));
            }
        }
        boolean released = facts.parts().stream()
                .noneMatch(part ->
                        part.target().refusesDdl() || (stays && part.source().refusesDdl()));
        return new SplitPlan(SplitPhase.FINALIZING, released ? new Forget() : new Release(stays));
    }

    private static boolean hasFinalMap(SideFacts side, SplitFacts facts) {
        return side.isReady() && side.mapVersion() >= facts.mapVersion();
    }

    private static SplitPlan awaitingMap(SplitPhase phase, SideFacts side, SplitFacts facts) {
        return new SplitPlan(phase, new Wait(awaited(side, facts)));
    }

    private static List<Direction> directions(SplitFacts facts) {
        return facts.parts().stream()
                .map(part -> part.direction(facts.switched()))
                .toList();
    }

    private static String awaited(SideFacts side, SplitFacts facts) {
        return side.isReady()
                ? "shard " + side.shard() + " does not have version " + facts.mapVersion() + " of the map yet"
                : "shard " + side.shard() + " is not ready";
    }
}
