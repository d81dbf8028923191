package io.pgmosaic.operator.plan;

import io.pgmosaic.protocol.instance.InstanceCommand;
import org.jspecify.annotations.Nullable;

import java.util.Comparator;
import java.util.List;

/**
 * What to do with a shard.
 *
 * @param record what must be stored before any command is sent; equal to the present one when nothing changes
 * @param commands to send once the record is stored, in any order; at most one per instance
 * @param restart the instance whose pod is to be deleted, so that it is made anew from the present template; null for none
 * @param replicas of the StatefulSet
 * @param databaseReachable whether the primary takes writes, so that the database can be set up and looked at
 * @param findings what a person should know, worst first; never empty
 */
public record ShardPlan(
        ShardRecord record,
        List<InstanceCommand> commands,
        @Nullable String restart,
        int replicas,
        boolean databaseReachable,
        List<Finding> findings) {

    public ShardPlan {
        commands = List.copyOf(commands);
        findings = findings.stream()
                .sorted(Comparator.comparing(
                                (Finding finding) -> finding.reason().severity())
                        .reversed())
                .toList();
        if (findings.isEmpty()) {
            throw new IllegalArgumentException("a plan says at least how the shard is");
        }
    }

    ShardPlan(
            ShardRecord record,
            List<InstanceCommand> commands,
            int replicas,
            boolean databaseReachable,
            List<Finding> findings) {
        this(record, commands, null, replicas, databaseReachable, findings);
    }

    /** The most important finding. */
    public Finding headline() {
        return findings.getFirst();
    }
}
