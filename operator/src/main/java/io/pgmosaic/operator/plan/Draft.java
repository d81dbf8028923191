package io.pgmosaic.operator.plan;

import io.pgmosaic.protocol.instance.InstanceCommand;
import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;

/**
 * The plan of a shard that has a primary on record, while it is made: what was found, and what is to be commanded. Decides what
 * every such plan has in common: no command before its record is stored, and how many pods there are to be.
 */
final class Draft {
    private final ShardFacts facts;
    private final ShardRecord record;
    private final List<Finding> findings = new ArrayList<>();
    private final List<InstanceCommand> commands = new ArrayList<>();

    Draft(ShardFacts facts) {
        this.facts = facts;
        this.record = facts.record();
    }

    /** To be added to. */
    List<Finding> findings() {
        return findings;
    }

    /** To be added to. */
    List<InstanceCommand> commands() {
        return commands;
    }

    /** Something about an instance. */
    void find(Reason reason, InstanceFacts instance, String message) {
        findings.add(new Finding(reason, instance.name(), message));
    }

    /** Something about the shard. */
    void find(Reason reason, String message) {
        findings.add(new Finding(reason, facts.identity().shard(), message));
    }

    /** What keeps instances other than the primary from taking part. */
    void findObstaclesOfOthers() {
        for (InstanceFacts standby : facts.others()) {
            Diagnosis.obstacle(standby, record.systemIdentifier()).ifPresent(findings::add);
        }
    }

    ShardPlan plan(ShardRecord next, boolean takesWrites) {
        return plan(next, takesWrites, null);
    }

    /**
     * @param next to be stored; when it is not the present one, what was to be commanded is left out
     * @param restart the instance whose pod is to be made anew; null for none
     */
    ShardPlan plan(ShardRecord next, boolean takesWrites, @Nullable String restart) {
        return new ShardPlan(
                next, next.equals(record) ? commands : List.of(), restart, replicas(next), takesWrites, findings);
    }

    /** An instance that may still be needed to find an acknowledged commit keeps its pod. */
    private int replicas(ShardRecord next) {
        int declared = Math.max(
                facts.spec().instancesPerShard(),
                facts.instance(record.primary()).map(InstanceFacts::ordinal).orElse(0) + 1);
        boolean settled = next.equals(record)
                && record.configuration().earlier().isEmpty()
                && facts.instance(record.primary())
                        .map(InstanceFacts::status)
                        .map(status -> status.postgres().configuration())
                        .filter(applied ->
                                applied.sequence() == record.configuration().sequence())
                        .isPresent();
        int present = facts.instances().stream()
                .mapToInt(instance -> instance.ordinal() + 1)
                .max()
                .orElse(declared);
        return settled ? declared : Math.max(declared, present);
    }
}
