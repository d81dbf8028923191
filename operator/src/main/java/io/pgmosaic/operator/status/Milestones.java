package io.pgmosaic.operator.status;

import io.pgmosaic.api.v1alpha1.cluster.FailoverState;
import io.pgmosaic.api.v1alpha1.cluster.ShardState;
import org.jspecify.annotations.Nullable;

import java.time.Instant;

/** When the primary that was appointed last was first seen to run, and to be open. */
final class Milestones {
    private Milestones() {}

    /** The stored report, with the times that have come since; null when there is none. */
    static @Nullable FailoverState of(ShardState stored, ShardView view, Instant now) {
        FailoverState last = stored.lastFailover();
        if (last == null || last.term() == null || !last.term().equals(stored.term()) || stored.election() != null) {
            return last;
        }
        boolean promoted = view.facts().instances().stream()
                .anyMatch(instance -> instance.name().equals(stored.primary()) && instance.isPrimaryOf(stored.term()));
        boolean open = promoted && view.isWritable();
        return new FailoverState(
                last.kind(),
                last.term(),
                last.oldPrimary(),
                last.newPrimary(),
                last.cause(),
                last.message(),
                last.positions(),
                last.dataLossBoundBytes(),
                last.suspectedAt(),
                last.startedAt(),
                last.decidedAt(),
                last.promotedAt() == null && promoted ? now.toString() : last.promotedAt(),
                last.openedAt() == null && open ? now.toString() : last.openedAt());
    }
}
