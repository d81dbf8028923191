package io.pgmosaic.operator.status;

import io.fabric8.kubernetes.api.model.Condition;
import io.pgmosaic.api.v1alpha1.cluster.SchemaDriftState;
import io.pgmosaic.operator.plan.Finding;
import io.pgmosaic.operator.plan.Reason;
import io.pgmosaic.operator.retention.ExpiredPeriod;
import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The conditions of a cluster.
 *
 * <pre>
 * Ready         all is as declared
 * Available     every shard takes writes, whatever else is wrong
 * Reconciling   something is under way that will end by itself
 * Stalled       something needs a person, or will not end by itself
 * SpecAccepted  the spec of this generation is in force
 * RetentionDue  rows are older than they are to be kept; only where a retention is declared, or was
 * SchemaDrift   not all shards have the same schema, as was seen last; only once that was looked at
 * </pre>
 *
 * <p>Ready, Reconciling and Stalled have the meanings that kstatus gives them.
 */
final class ClusterConditions {
    private static final String READY = "Ready";
    private static final String AVAILABLE = "Available";
    private static final String RECONCILING = "Reconciling";
    private static final String STALLED = "Stalled";
    private static final String SPEC_ACCEPTED = "SpecAccepted";
    private static final String RETENTION_DUE = "RetentionDue";
    private static final String SCHEMA_DRIFT = "SchemaDrift";

    private ClusterConditions() {}

    static List<Condition> of(
            ClusterView view, List<Condition> before, @Nullable SchemaDriftState drift, long generation, Instant now) {
        Conditions conditions = new Conditions(before, generation, now);
        List<Finding> all = view.all();
        ready(view, all, conditions);
        available(view, conditions);
        reconciling(view, all, conditions);
        stalled(all, conditions);
        specAccepted(view, conditions);
        retentionDue(view, before, conditions);
        schemaDrift(drift, conditions);
        return conditions.list();
    }

    /** When a pass could not be finished: what serves is not known to have changed. */
    static List<Condition> unfinished(Finding cause, List<Condition> before, long generation, Instant now) {
        Conditions conditions = new Conditions(before, generation, now);
        conditions.set(READY, false, cause.reason().word(), cause.message());
        conditions.keep(AVAILABLE);
        conditions.set(RECONCILING, false, cause.reason().word(), "no step can be taken");
        conditions.set(STALLED, true, cause.reason().word(), cause.message());
        conditions.keep(SPEC_ACCEPTED);
        conditions.keep(RETENTION_DUE);
        conditions.keep(SCHEMA_DRIFT);
        return conditions.list();
    }

    private static void ready(ClusterView view, List<Finding> all, Conditions conditions) {
        if (view.phase() == ShardPhase.READY) {
            conditions.set(READY, true, Reason.HEALTHY.word(), StatusFactory.healthy(view));
            return;
        }
        if (all.isEmpty()) {
            conditions.set(READY, false, Reason.WAITING_FOR_PODS.word(), "the cluster is being created");
            return;
        }
        conditions.set(READY, false, all.getFirst().reason().word(), StatusFactory.message(view));
    }

    private static void available(ClusterView view, Conditions conditions) {
        if (view.isAvailable()) {
            conditions.set(AVAILABLE, true, "AllShardsTakeWrites", "every shard takes writes");
            return;
        }
        String closed = view.serving().stream()
                .filter(shard -> !shard.isWritable())
                .map(shard -> "shard " + shard.facts().identity().shard() + ": "
                        + shard.headline().message())
                .collect(Collectors.joining("; "));
        conditions.set(
                AVAILABLE, false, "ShardsDoNotTakeWrites", closed.isEmpty() ? "the cluster has no shards yet" : closed);
    }

    private static void reconciling(ClusterView view, List<Finding> all, Conditions conditions) {
        String progress = Stream.of(messages(all, Reason.Severity.PROGRESS), messages(view.aside()))
                .filter(text -> !text.isEmpty())
                .collect(Collectors.joining("; "));
        boolean beginning = view.shards().isEmpty() && view.findings().isEmpty();
        if (beginning) {
            conditions.set(RECONCILING, true, "InProgress", "the cluster is being created");
        } else if (progress.isEmpty()) {
            conditions.set(RECONCILING, false, "Settled", "nothing is under way");
        } else {
            conditions.set(RECONCILING, true, "InProgress", progress);
        }
    }

    private static void stalled(List<Finding> all, Conditions conditions) {
        String failures = messages(all, Reason.Severity.FAILED);
        if (failures.isEmpty()) {
            conditions.set(STALLED, false, "NotStalled", "nothing needs a person");
        } else {
            conditions.set(STALLED, true, all.getFirst().reason().word(), failures);
        }
    }

    private static void specAccepted(ClusterView view, Conditions conditions) {
        if (view.isSpecAccepted()) {
            conditions.set(SPEC_ACCEPTED, true, "Valid", "the spec is in force");
            return;
        }
        String problems = view.findings().stream()
                .filter(finding -> finding.reason() == Reason.INVALID_SPEC)
                .map(Finding::message)
                .collect(Collectors.joining("; "));
        conditions.set(
                SPEC_ACCEPTED,
                false,
                Reason.INVALID_SPEC.word(),
                problems + (view.shards().isEmpty() ? "" : ". What runs stays as it was"));
    }

    private static void retentionDue(ClusterView view, List<Condition> before, Conditions conditions) {
        if (!view.expired().isEmpty()) {
            conditions.set(
                    RETENTION_DUE,
                    true,
                    "PeriodsExpired",
                    view.expired().stream().map(ExpiredPeriod::message).collect(Collectors.joining(". ")));
        } else if (before.stream().anyMatch(condition -> RETENTION_DUE.equals(condition.getType()))) {
            conditions.set(RETENTION_DUE, false, "NothingExpired", "no rows are older than they are to be kept");
        }
    }

    private static void schemaDrift(@Nullable SchemaDriftState drift, Conditions conditions) {
        if (drift == null || drift.checkedAt() == null) {
            return;
        }
        if (drift.differing() == 0) {
            conditions.set(SCHEMA_DRIFT, false, "SchemaInSync", "all shards have the same schema");
            return;
        }
        int more = drift.differing() - drift.differences().size();
        conditions.set(
                SCHEMA_DRIFT,
                true,
                "ShardsDiffer",
                "not the same on every shard: " + String.join(". ", drift.differences())
                        + (more > 0 ? ". And " + more + " more" : ""));
    }

    private static String messages(List<Finding> findings, Reason.Severity severity) {
        return messages(findings.stream()
                .filter(finding -> finding.reason().severity() == severity)
                .toList());
    }

    private static String messages(List<Finding> findings) {
        return findings.stream().map(Finding::message).distinct().collect(Collectors.joining("; "));
    }
}
