package io.pgmosaic.operator.status;

import io.pgmosaic.api.v1alpha1.cluster.ShardMapState;
import io.pgmosaic.operator.plan.Finding;
import io.pgmosaic.operator.plan.Reason;
import io.pgmosaic.operator.retention.ExpiredPeriod;
import io.pgmosaic.operator.retention.ExpiredPeriods;
import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * Everything that is known of a cluster after a pass.
 *
 * @param findings about the cluster as a whole: why its spec is not accepted, what it lacks; empty when all is well
 * @param shards those that are not being removed, in the order of the status; empty while no spec was ever accepted
 * @param beside what was found about shards that own no keys while their objects were applied or removed
 * @param expired spans of time whose rows are not to be kept any more; nothing is wrong with a cluster on account of them
 */
public record ClusterView(
        List<Finding> findings, List<ShardView> shards, List<Finding> beside, List<ExpiredPeriod> expired) {
    public ClusterView {
        expired = List.copyOf(expired);
        findings = List.copyOf(findings);
        shards = List.copyOf(shards);
        beside = List.copyOf(beside);
    }

    /** One in which nothing is too old. */
    public ClusterView(List<Finding> findings, List<ShardView> shards, List<Finding> beside) {
        this(findings, shards, beside, List.of());
    }

    /** One in which nothing was found beside, either. */
    public ClusterView(List<Finding> findings, List<ShardView> shards) {
        this(findings, shards, List.of());
    }

    /** This, with what is too old by the accepted spec and the map in force. */
    public ClusterView withExpired(@Nullable ShardMapState map, Instant now) {
        return shards.isEmpty()
                ? this
                : new ClusterView(
                        findings,
                        shards,
                        beside,
                        ExpiredPeriods.of(map, shards.getFirst().facts().spec().sharding(), now));
    }

    boolean isSpecAccepted() {
        return findings.stream().noneMatch(finding -> finding.reason() == Reason.INVALID_SPEC);
    }

    /** The shards that own keys: by them the cluster is as well as it is. */
    List<ShardView> serving() {
        return shards.stream().filter(ShardView::ownsKeys).toList();
    }

    /**
     * What goes on at shards that own no key, or are being removed. However unwell they are, nothing that anybody reads or writes is, so it is no more
     * than progress.
     */
    List<Finding> aside() {
        Stream<Finding> unwell = shards.stream()
                .filter(shard -> !shard.ownsKeys() && shard.phase() != ShardPhase.READY)
                .map(shard -> new Finding(
                        Reason.SHARD_WITHOUT_KEYS,
                        shard.facts().identity().shard(),
                        "shard " + shard.facts().identity().shard() + ", which owns no keys: "
                                + shard.headline().message()));
        return Stream.concat(unwell, beside.stream()).toList();
    }

    /** Findings about the cluster and about the shards that serve, worst first; each shard's are marked with its name. */
    List<Finding> all() {
        List<Finding> all = new ArrayList<>(findings);
        for (ShardView shard : serving()) {
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
        ShardPhase worst = serving().stream()
                .map(ShardView::phase)
                .max(Comparator.naturalOrder())
                .orElse(ShardPhase.READY);
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
        return !shards.isEmpty() && serving().stream().allMatch(ShardView::isWritable);
    }
}
