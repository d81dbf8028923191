package io.pgmosaic.operator.plan;

import io.pgmosaic.protocol.instance.AppliedConfiguration;
import io.pgmosaic.protocol.instance.InstanceStatus;

import java.util.List;
import java.util.Optional;

/**
 * Changes that need instances restarted (image, resources, parameters that PostgreSQL reads at its start): standbys first, one
 * at a time, then the primary hands over, then the old primary. One restart is asked for only while everybody streams, so
 * that the shard can lose an instance at any moment.
 */
final class RollingChange {
    private RollingChange() {}

    /** Why the instance has to be restarted; empty when it has not. */
    static Optional<String> need(InstanceFacts instance) {
        if (instance.pod().outdated()) {
            return Optional.of("its pod is of an older template (image, resources, scheduling)");
        }
        InstanceStatus status = instance.status();
        AppliedConfiguration configuration =
                status == null ? null : status.postgres().configuration();
        return configuration == null || configuration.pendingRestart().isEmpty()
                ? Optional.empty()
                : Optional.of(
                        "parameters take effect after a restart: " + String.join(", ", configuration.pendingRestart()));
    }

    /** The instance whose pod is to be made anew now; empty when none is, or not now. */
    static Optional<InstanceFacts> nextStandby(ShardFacts facts, InstanceFacts primary, InstanceStatus status) {
        if (!facts.mayRestart() || !everybodyStreams(facts, status)) {
            return Optional.empty();
        }
        List<InstanceFacts> waiting = facts.declared().stream()
                .filter(instance -> !instance.name().equals(primary.name())
                        && need(instance).isPresent())
                .toList();
        if (waiting.isEmpty() && facts.declared().size() == 1) {
            return need(primary).isPresent() ? Optional.of(primary) : Optional.empty();
        }
        // The highest ordinal first, as StatefulSets do.
        return waiting.isEmpty() ? Optional.empty() : Optional.of(waiting.getLast());
    }

    /** Whether all standbys are done and the primary is what is left. */
    static boolean isPrimarysTurn(ShardFacts facts, InstanceFacts primary, InstanceStatus status) {
        return facts.mayRestart()
                && facts.declared().size() > 1
                && need(primary).isPresent()
                && everybodyStreams(facts, status)
                && facts.declared().stream()
                        .filter(instance ->
                                !instance.name().equals(primary.name()) && !Fencing.isFenced(facts, instance.name()))
                        .allMatch(instance -> isDone(facts, instance));
    }

    /** A standby that has not read the present configuration yet cannot know that it has to be restarted for it. */
    private static boolean isDone(ShardFacts facts, InstanceFacts standby) {
        return need(standby).isEmpty()
                && standby.status() != null
                && Configurations.isApplied(
                        standby.status(),
                        facts.record().term(),
                        Configurations.standby(facts, facts.record().configuration()));
    }

    private static boolean everybodyStreams(ShardFacts facts, InstanceStatus primary) {
        return facts.record().configuration().earlier().isEmpty()
                && facts.declared().stream()
                        .filter(instance ->
                                !instance.name().equals(facts.record().primary())
                                        && !Fencing.isFenced(facts, instance.name()))
                        .allMatch(instance -> primary.postgres().replicas().stream()
                                .anyMatch(replica -> replica.instance().equals(instance.name())
                                        && SynchronousSets.isStreaming(replica)));
    }
}
