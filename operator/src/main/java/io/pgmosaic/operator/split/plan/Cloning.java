package io.pgmosaic.operator.split.plan;

import io.pgmosaic.api.v1alpha1.split.SplitPhase;
import io.pgmosaic.operator.split.plan.SplitStep.AdoptClone;
import io.pgmosaic.operator.split.plan.SplitStep.CutClone;
import io.pgmosaic.operator.split.plan.SplitStep.PrepareClone;
import io.pgmosaic.operator.split.plan.SplitStep.Wait;

import java.util.List;
import java.util.Optional;

/**
 * What is missing until targets that begin with the source's data are shards of their own.
 *
 * <p>The slot that keeps the source's changes is there before the clone is cut, and the clone has all from before it: so every change is
 * in the clone, or comes through the slot, whose stream begins where the clone's log left the source's.
 */
final class Cloning {
    private Cloning() {}

    /** A step that can be taken for any part; else what the first of them waits for; empty when there are no clones to make. */
    static Optional<SplitPlan> plan(List<PartFacts> parts) {
        List<SplitPlan> plans =
                parts.stream().map(Cloning::plan).flatMap(Optional::stream).toList();
        return plans.stream()
                .filter(plan -> !(plan.step() instanceof Wait))
                .findFirst()
                .or(() -> plans.stream().findFirst());
    }

    private static Optional<SplitPlan> plan(PartFacts part) {
        String source = part.source().shard();
        return switch (part.cloneStage()) {
            case NONE, PRUNING -> Optional.empty();
            case FOLLOWING, NEAR, FOREIGN ->
                Optional.of(
                        part.source().isReady()
                                ? present(part)
                                : copying(new Wait("shard " + source + " is not ready")));
            case CUT ->
                Optional.of(
                        copying(new Wait("shard " + part.name() + ", a clone of shard " + source + ", is promoted")));
        };
    }

    private static SplitPlan present(PartFacts part) {
        if (part.cloneStage() == CloneStage.FOREIGN) {
            return copying(new AdoptClone(part.name()));
        }
        if (!part.source().refusesDdl()
                || !part.forward().hasSlot()
                || part.forward().isLost()) {
            return new SplitPlan(
                    SplitPhase.PREPARING,
                    new PrepareClone(part.name(), part.forward().isLost()));
        }
        return copying(
                part.cloneStage() == CloneStage.NEAR
                        ? new CutClone(part.name())
                        : new Wait("shard " + part.name() + " is cloned from shard "
                                + part.source().shard()));
    }

    private static SplitPlan copying(SplitStep step) {
        return new SplitPlan(SplitPhase.COPYING, step);
    }
}
