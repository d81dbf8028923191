package io.pgmosaic.operator.event;

import io.pgmosaic.api.v1alpha1.cluster.ElectionState;
import io.pgmosaic.api.v1alpha1.cluster.FailoverState;
import io.pgmosaic.api.v1alpha1.cluster.ShardState;
import io.pgmosaic.api.v1alpha1.cluster.SwitchoverState;
import io.pgmosaic.operator.event.StatusEvents.Happened;
import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;

/** The steps of a failover or switchover, each told once. Pure. */
final class FailoverEvents {
    private static final String FAILOVER = "Failover";

    private FailoverEvents() {}

    static void between(ShardState before, ShardState after, List<Happened> events) {
        String shard = "shard " + after.name() + ": ";
        ElectionState election = after.election();
        if (election != null && (before.election() == null || !Objects.equals(before.term(), after.term()))) {
            events.add(new Happened(
                    FAILOVER.equals(election.kind()) ? EventRecorder.Kind.WARNING : EventRecorder.Kind.NORMAL,
                    election.kind() + "Begun",
                    shard + election.message() + "; term " + after.term()
                            + " is taken, the other instances are asked for their promise"));
        }
        FailoverState failover = after.lastFailover();
        FailoverState known = before.lastFailover();
        if (failover != null) {
            boolean fresh = known == null || !Objects.equals(known.term(), failover.term());
            if (fresh) {
                appointed(shard, failover, events);
            }
            if (failover.promotedAt() != null && (known == null || fresh || known.promotedAt() == null)) {
                events.add(normal(
                        "PrimaryPromoted",
                        shard + failover.newPrimary() + " runs as the primary of term " + failover.term()
                                + "; it opens to applications once enough standbys have its log"));
            }
            if (failover.openedAt() != null && (known == null || fresh || known.openedAt() == null)) {
                events.add(normal(failover.kind() + "Completed", shard + completed(failover)));
            }
        }
        SwitchoverState switchover = after.switchover();
        if (switchover != null && "Refused".equals(switchover.state()) && !switchover.equals(before.switchover())) {
            events.add(new Happened(
                    EventRecorder.Kind.WARNING,
                    "SwitchoverRefused",
                    shard + "the switchover to " + switchover.to() + " is refused for now: " + after.message()));
        }
    }

    private static void appointed(String shard, FailoverState failover, List<Happened> events) {
        String positions = failover.positions().stream()
                .map(position -> position.instance() + " " + position.timeline() + ":" + position.lsn())
                .collect(Collectors.joining(", "));
        events.add(normal(
                "PrimaryAppointed",
                shard + failover.newPrimary() + " is to be the primary of term " + failover.term() + " after "
                        + failover.oldPrimary() + "; the logs end at " + positions));
        Long bound = failover.dataLossBoundBytes();
        if (bound == null || bound > 0) {
            events.add(new Happened(
                    EventRecorder.Kind.WARNING,
                    "DataMayBeLost",
                    shard
                            + (bound == null
                                    ? "it is not known how much"
                                    : "at least as far as the operator had seen, up to " + bound + " bytes of log")
                            + " that " + failover.oldPrimary() + " had written are missing on " + failover.newPrimary()
                            + ": commits waited for no standby"));
        }
    }

    private static String completed(FailoverState failover) {
        return failover.newPrimary() + " is open to applications as the primary of term " + failover.term() + ", "
                + seconds(failover.suspectedAt(), failover.openedAt())
                + (FAILOVER.equals(failover.kind())
                        ? " after " + failover.oldPrimary() + " was first seen in trouble"
                        : " after " + failover.oldPrimary() + " was asked to hand over");
    }

    private static String seconds(String from, @Nullable String to) {
        return to == null
                ? "some time"
                : String.format(
                        java.util.Locale.ROOT,
                        "%.1f s",
                        Duration.between(Instant.parse(from), Instant.parse(to)).toMillis() / 1000.0);
    }

    private static Happened normal(String reason, String message) {
        return new Happened(EventRecorder.Kind.NORMAL, reason, message);
    }
}
