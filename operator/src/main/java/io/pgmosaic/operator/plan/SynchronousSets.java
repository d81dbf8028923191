package io.pgmosaic.operator.plan;

import io.pgmosaic.api.v1alpha1.cluster.Durability;
import io.pgmosaic.api.v1alpha1.cluster.ReplicationMode;
import io.pgmosaic.protocol.Lsn;
import io.pgmosaic.protocol.instance.InstanceStatus;
import io.pgmosaic.protocol.instance.ReplicaConnection;
import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Which standbys a commit waits for, and how that changes without losing one.
 *
 * <pre>
 * 1. record the new set as the present one, with the next sequence; the one before joins the earlier ones
 * 2. configure(primary) with (term, sequence); an instance refuses one that is not newer
 * 3. when it is applied, wait until k members of the new set have the log position at which that happened
 * 4. record that there are no earlier sets, if term and sequence are still the same
 * </pre>
 *
 * <p>Until step 4 a new primary needs the promises that every one of the sets asks for. Without step 3 a commit that only a
 * leaving member acknowledged could be lost (docs/spec/ShardFailover.tla).
 */
final class SynchronousSets {
    private SynchronousSets() {}

    static boolean isStreaming(ReplicaConnection replica) {
        return "streaming".equals(replica.state());
    }

    /**
     * The set that should be in force.
     *
     * <p>A standby joins when it streams, so that no commit waits for a base backup; one that is no longer declared, or is
     * fenced, leaves at once, unless {@code Required} needs it; one that has been away leaves after a while, when enough others stream: the fewer absent
     * members, the fewer promises a failover needs. With {@code Required} never fewer members than acknowledgements; with
     * {@code Preferred} fewer acknowledgements rather than commits that wait.
     */
    static SynchronousSet wanted(ShardFacts facts, InstanceStatus primary) {
        if (facts.spec().replication().mode() == ReplicationMode.ASYNC) {
            return SynchronousSet.none();
        }
        List<String> standbys = candidates(facts, facts.record().primary());
        int asked = Math.min(facts.acknowledgements(), standbys.size());
        SynchronousSet present = facts.record().configuration().synchronous();
        boolean atTheBeginning =
                present.standbys().isEmpty() && !facts.record().configuration().acceptClients();
        if (atTheBeginning) {
            return new SynchronousSet(standbys, asked);
        }
        boolean preferred = facts.spec().replication().durability() == Durability.PREFERRED;
        Duration patience = preferred ? facts.timings().detection() : FailoverTimings.LEAVE_AFTER;
        List<String> there = new ArrayList<>();
        List<String> away = new ArrayList<>();
        for (String standby : standbys) {
            boolean counts = streams(primary, standby)
                    || (present.standbys().contains(standby) && !left(facts, standby, patience));
            (counts ? there : away).add(standby);
        }
        if (there.size() >= asked) {
            return new SynchronousSet(there, asked);
        }
        if (preferred) {
            return new SynchronousSet(there, there.size());
        }
        away.stream().filter(present.standbys()::contains).forEach(there::add);
        away.stream()
                .filter(name -> !there.contains(name))
                .limit(Math.max(0, asked - there.size()))
                .forEach(there::add);
        return new SynchronousSet(standbys.stream().filter(there::contains).toList(), asked);
    }

    /**
     * The standbys of this primary that may be members: without the fenced ones, unless {@code Required} asks for more than
     * are left. Then commits wait; they do not go on with fewer acknowledgements because somebody was put out of service.
     */
    static List<String> candidates(ShardFacts facts, @Nullable String primary) {
        List<String> standbys = facts.declared().stream()
                .map(InstanceFacts::name)
                .filter(name -> !name.equals(primary))
                .toList();
        List<String> inService =
                standbys.stream().filter(name -> !Fencing.isFenced(facts, name)).toList();
        boolean tooFew = inService.size() < Math.min(facts.acknowledgements(), standbys.size());
        return tooFew && facts.spec().replication().durability() == Durability.REQUIRED ? standbys : inService;
    }

    private static boolean streams(InstanceStatus primary, String standby) {
        return primary.postgres().replicas().stream()
                .anyMatch(replica -> replica.instance().equals(standby) && isStreaming(replica));
    }

    /** Not only for a moment. */
    private static boolean left(ShardFacts facts, String standby, Duration patience) {
        Duration away = facts.instance(standby)
                .map(instance -> instance.contact().notStreamingFor())
                .orElse(null);
        return away != null && away.compareTo(patience) >= 0;
    }

    /**
     * Whether the primary runs with the recorded set, and everything up to where that came into force has been confirmed: by
     * so many of its members as it asks for. A set that asks for none proves nothing of what was acknowledged before it, so
     * then every standby that is declared must have confirmed it.
     */
    static boolean isConfirmed(ShardFacts facts, ShardRecord.Configuration recorded, InstanceStatus primary) {
        var applied = primary.postgres().configuration();
        if (applied == null
                || applied.term() != facts.record().term()
                || applied.sequence() != recorded.sequence()
                || applied.appliedLsn() == null) {
            return false;
        }
        SynchronousSet confirming =
                recorded.synchronous().acknowledgements() > 0 ? recorded.synchronous() : everybody(facts);
        return confirms(confirming, primary, applied.appliedLsn());
    }

    private static SynchronousSet everybody(ShardFacts facts) {
        List<String> standbys = facts.declared().stream()
                .map(InstanceFacts::name)
                .filter(name -> !name.equals(facts.record().primary()))
                .toList();
        return new SynchronousSet(standbys, standbys.size());
    }

    /** Whether enough members have flushed the log up to that position. */
    static boolean confirms(SynchronousSet set, InstanceStatus primary, @Nullable Lsn position) {
        if (position == null) {
            return false;
        }
        long confirmed = primary.postgres().replicas().stream()
                .filter(replica -> set.standbys().contains(replica.instance())
                        && isStreaming(replica)
                        && replica.flushLsn() != null
                        && replica.flushLsn().compareTo(position) >= 0)
                .map(ReplicaConnection::instance)
                .distinct()
                .count();
        return confirmed >= set.acknowledgements();
    }
}
