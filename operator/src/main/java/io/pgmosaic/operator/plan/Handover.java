package io.pgmosaic.operator.plan;

import io.pgmosaic.api.v1alpha1.cluster.SwitchoverSpec;
import io.pgmosaic.protocol.instance.InstanceStatus;
import io.pgmosaic.protocol.instance.ReplicaConnection;
import org.jspecify.annotations.Nullable;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * That a healthy primary is to hand over, and to whom.
 *
 * @param cause in one word
 * @param message for a person
 * @param target the instance that is to be the primary
 */
record Handover(String cause, String message, String target) {
    /** How far behind a target may be: what is left is sent while the primary ends. */
    private static final long NEAR_BYTES = 16L << 20;

    /**
     * What the primary's state asks for: its pod leaves, is beyond the declared ones, or is the last that a rolling change
     * has to reach; empty when nothing does, or nobody could take over safely.
     */
    static Optional<Handover> ofNeed(ShardFacts facts, InstanceFacts primary, InstanceStatus status) {
        String cause;
        String why;
        if (primary.pod().leaving() != null) {
            cause = "Leaving";
            why = primary.pod().leaving();
        } else if (primary.ordinal() >= facts.spec().instancesPerShard()) {
            cause = "ScaledAway";
            why = "it is beyond the declared instances";
        } else if (RollingChange.isPrimarysTurn(facts, primary, status)) {
            cause = "RollingChange";
            why = RollingChange.need(primary).orElse("it is to be restarted");
        } else {
            return Optional.empty();
        }
        return facts.declared().stream()
                .filter(instance -> !instance.name().equals(primary.name())
                        && instance.pod().leaving() == null
                        && unsafe(facts, status, instance.name()) == null)
                .max(Comparator.comparingLong((InstanceFacts instance) -> flushed(status, instance.name()))
                        .thenComparingInt(instance -> -instance.ordinal()))
                .map(target ->
                        new Handover(cause, "the primary " + primary.name() + " hands over: " + why, target.name()));
    }

    /** What the spec asks for, if it has not been done. */
    static Optional<SwitchoverSpec> request(ShardFacts facts) {
        SwitchoverOutcome last = facts.record().switchover();
        return facts.spec().switchover().stream()
                .filter(asked -> asked.shard().equals(facts.identity().shard()))
                .filter(asked -> last == null
                        || !last.answers(asked.to(), asked.request())
                        || last.state() == SwitchoverOutcome.State.REFUSED)
                .findFirst();
    }

    /** Why this instance cannot become the primary now without risk; null when it can. */
    static @Nullable String unsafe(ShardFacts facts, InstanceStatus primary, String target) {
        Optional<InstanceFacts> instance = facts.instance(target);
        if (instance.isEmpty() || instance.get().ordinal() >= facts.spec().instancesPerShard()) {
            return target + " is not an instance of this shard; there are "
                    + String.join(
                            ", ",
                            facts.declared().stream().map(InstanceFacts::name).toList());
        }
        if (Fencing.isFenced(facts, target)) {
            return target + " is fenced";
        }
        if (!instance.get().answers()
                || !instance.get().isStandbyOf(facts.record().term())) {
            return target + " is no running standby now";
        }
        ReplicaConnection connection = primary.postgres().replicas().stream()
                .filter(replica -> replica.instance().equals(target) && SynchronousSets.isStreaming(replica))
                .findFirst()
                .orElse(null);
        if (connection == null
                || connection.flushLsn() == null
                || primary.postgres().writtenLsn() == null) {
            return target + " does not stream from the primary";
        }
        long behind = primary.postgres().writtenLsn().minus(connection.flushLsn());
        if (behind > NEAR_BYTES) {
            return target + " is " + behind + " bytes behind the primary";
        }
        if (!facts.record().configuration().earlier().isEmpty()) {
            return "a change of the synchronous standbys is not yet confirmed";
        }
        List<String> others = facts.declared().stream()
                .map(InstanceFacts::name)
                .filter(name -> !name.equals(target)
                        && !name.equals(facts.record().primary())
                        && primary.postgres().replicas().stream()
                                .anyMatch(replica ->
                                        replica.instance().equals(name) && SynchronousSets.isStreaming(replica)))
                .toList();
        int neededBeside = facts.record().configuration().synchronous().acknowledgements() - 1;
        return others.size() < neededBeside
                ? "after it, too few standbys would be left to acknowledge commits (" + others.size() + " and the old"
                        + " primary)"
                : null;
    }

    private static long flushed(InstanceStatus primary, String instance) {
        return primary.postgres().replicas().stream()
                .filter(replica -> replica.instance().equals(instance) && replica.flushLsn() != null)
                .mapToLong(replica -> replica.flushLsn().offset())
                .max()
                .orElse(0);
    }
}
