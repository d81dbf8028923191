package io.pgmosaic.operator.status;

import io.pgmosaic.operator.plan.Finding;
import io.pgmosaic.operator.plan.Reason;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Everything that is known of a cluster after a pass.
 *
 * @param findings about the cluster as a whole: why its spec is not accepted, what it lacks; empty when all is well
 * @param shards in the order of the map; empty while no spec was ever accepted
 */
public record ClusterView(List<Finding> findings, List<ShardView> shards) {
    public ClusterView {
        findings = List.copyOf(findings);
        shards = List.copyOf(shards);
    }

    boolean isSpecAccepted() {
        return findings.stream().noneMatch(finding -> finding.reason() == Reason.INVALID_SPEC);
    }

    /** Findings about the cluster and about its shards, worst first; each shard's are marked with its name. */
    List<Finding> all() {
        List<Finding> all = new ArrayList<>(findings);
        for (ShardView shard : shards) {
            String prefix = "shard " + shard.facts().identity().shard() + ": ";
            shard.findings()
                    .forEach(finding ->
                            all.add(new Finding(finding.reason(), finding.subject(), prefix + finding.message())));
        }
        all.sort(Comparator.comparing((Finding finding) -> finding.reason().severity())
                .reversed());
        return all;
    }

    ShardPhase phase() {
        if (shards.isEmpty()) {
            return findings.isEmpty() ? ShardPhase.CREATING : ShardPhase.FAILED;
        }
        ShardPhase worst = shards.stream()
                .map(ShardView::phase)
                .max(Comparator.naturalOrder())
                .orElseThrow();
        return worst == ShardPhase.READY ? phaseOfFindings() : worst;
    }

    private ShardPhase phaseOfFindings() {
        if (findings.isEmpty()) {
            return ShardPhase.READY;
        }
        return findings.stream().allMatch(finding -> finding.reason().severity() == Reason.Severity.PROGRESS)
                ? ShardPhase.UPDATING
                : ShardPhase.DEGRADED;
    }

    boolean isAvailable() {
        return !shards.isEmpty() && shards.stream().allMatch(ShardView::isWritable);
    }
}
