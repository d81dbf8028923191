package io.pgmosaic.operator.status;

import io.fabric8.kubernetes.api.model.Condition;
import io.pgmosaic.api.v1alpha1.cluster.SchemaState;
import io.pgmosaic.api.v1alpha1.cluster.ShardState;
import io.pgmosaic.api.v1alpha1.cluster.ShardedClusterStatus;
import io.pgmosaic.operator.database.DatabaseReport;
import io.pgmosaic.operator.plan.Finding;
import io.pgmosaic.operator.plan.Reason;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;

/** Builds the status of a cluster. */
public final class StatusFactory {
    private StatusFactory() {}

    /**
     * The status after a pass.
     *
     * @param before the stored one, whose recorded parts (map, records) are kept
     * @param generation of the spec that was looked at
     * @param specProblems why the spec is not accepted; empty when it is
     * @param shards in the order of the map; empty while no spec was ever accepted
     */
    public static ShardedClusterStatus build(
            ShardedClusterStatus before,
            long generation,
            List<String> specProblems,
            List<ShardView> shards,
            Instant now) {
        List<Finding> findings = shards.stream()
                .flatMap(shard -> shard.findings().stream())
                .sorted(Comparator.comparing(
                                (Finding finding) -> finding.reason().severity())
                        .reversed())
                .toList();
        return new ShardedClusterStatus(
                generation,
                phase(specProblems, shards),
                message(specProblems, shards),
                shards.stream().filter(ShardView::isWritable).count() + "/" + shards.size(),
                instancesReady(shards),
                before.map(),
                before.accepted(),
                shards.stream().map(view -> shardState(before, view)).toList(),
                conditions(before.conditions(), generation, specProblems, shards, findings, now));
    }

    private static String phase(List<String> specProblems, List<ShardView> shards) {
        if (shards.isEmpty()) {
            return specProblems.isEmpty() ? ShardPhase.CREATING.word() : "Invalid";
        }
        ShardPhase worst = shards.stream()
                .map(ShardView::phase)
                .max(Comparator.naturalOrder())
                .orElse(ShardPhase.CREATING);
        return worst == ShardPhase.READY && !specProblems.isEmpty() ? ShardPhase.DEGRADED.word() : worst.word();
    }

    private static String message(List<String> specProblems, List<ShardView> shards) {
        if (!specProblems.isEmpty()) {
            return "the spec is not accepted: " + String.join("; ", specProblems);
        }
        return shards.stream()
                .filter(shard -> shard.headline().reason() != Reason.HEALTHY)
                .map(StatusFactory::headline)
                .findFirst()
                .orElse(shards.isEmpty() ? "the cluster is being created" : "all shards are as declared");
    }

    private static String headline(ShardView shard) {
        return "shard " + shard.facts().identity().shard() + ": "
                + shard.headline().message();
    }

    private static String instancesReady(List<ShardView> shards) {
        long ready = 0;
        long all = 0;
        for (ShardView shard : shards) {
            all += shard.facts().spec().instancesPerShard();
            ready += InstanceStates.of(shard).stream()
                    .filter(instance -> instance.ready())
                    .count();
        }
        return ready + "/" + all;
    }

    private static ShardState shardState(ShardedClusterStatus before, ShardView view) {
        String name = view.facts().identity().shard();
        ShardState stored = before.shards().stream()
                .filter(shard -> shard.name().equals(name))
                .findFirst()
                .orElse(ShardState.unknown(name));
        DatabaseReport database = view.database();
        SchemaState schema = database == null || database.guardMapVersion() == 0
                ? stored.schema()
                : new SchemaState(database.initialSqlChecksum(), database.guardMapVersion());
        return new ShardState(
                name,
                stored.term(),
                stored.primary(),
                stored.bootstrapInstance(),
                stored.systemIdentifier(),
                view.phase().word(),
                view.headline().message(),
                stored.configuration(),
                schema,
                InstanceStates.of(view));
    }

    private static List<Condition> conditions(
            List<Condition> before,
            long generation,
            List<String> specProblems,
            List<ShardView> shards,
            List<Finding> findings,
            Instant now) {
        Conditions conditions = new Conditions(before, generation, now);
        List<ShardView> notReady = new ArrayList<>(shards.stream()
                .filter(shard -> shard.phase() != ShardPhase.READY)
                .toList());
        boolean ready = specProblems.isEmpty() && !shards.isEmpty() && notReady.isEmpty();
        String reason = !specProblems.isEmpty()
                ? Reason.INVALID_SPEC.word()
                : notReady.isEmpty()
                        ? (shards.isEmpty() ? Reason.WAITING_FOR_PODS.word() : Reason.HEALTHY.word())
                        : worst(notReady).headline().reason().word();
        conditions.set(Conditions.READY, ready, reason, readyMessage(specProblems, notReady, shards));

        List<ShardView> closed =
                shards.stream().filter(shard -> !shard.isWritable()).toList();
        boolean available = !shards.isEmpty() && closed.isEmpty();
        conditions.set(
                Conditions.AVAILABLE,
                available,
                available ? "AllShardsTakeWrites" : "ShardsDoNotTakeWrites",
                available
                        ? "all shards take writes"
                        : shards.isEmpty()
                                ? "the cluster has no shards yet"
                                : closed.stream().map(StatusFactory::headline).collect(Collectors.joining("; ")));

        boolean progressing =
                findings.stream().anyMatch(finding -> finding.reason().severity() == Reason.Severity.PROGRESS);
        conditions.set(
                Conditions.RECONCILING,
                progressing,
                progressing ? "InProgress" : "Settled",
                progressing ? messages(findings, Reason.Severity.PROGRESS) : "nothing is under way");

        boolean stalled = !specProblems.isEmpty()
                || findings.stream().anyMatch(finding -> finding.reason().severity() == Reason.Severity.FAILED);
        conditions.set(
                Conditions.STALLED,
                stalled,
                !specProblems.isEmpty()
                        ? Reason.INVALID_SPEC.word()
                        : stalled ? findings.getFirst().reason().word() : "NotStalled",
                !specProblems.isEmpty()
                        ? String.join("; ", specProblems)
                        : stalled ? messages(findings, Reason.Severity.FAILED) : "nothing needs a person");

        conditions.set(
                Conditions.SPEC_ACCEPTED,
                specProblems.isEmpty(),
                specProblems.isEmpty() ? "Valid" : Reason.INVALID_SPEC.word(),
                specProblems.isEmpty()
                        ? "the spec is in force"
                        : String.join("; ", specProblems) + (shards.isEmpty() ? "" : ". What runs stays as it was"));
        return conditions.list();
    }

    private static String readyMessage(List<String> specProblems, List<ShardView> notReady, List<ShardView> shards) {
        if (!specProblems.isEmpty()) {
            return "the spec is not accepted: " + String.join("; ", specProblems);
        }
        if (shards.isEmpty()) {
            return "the cluster is being created";
        }
        return notReady.isEmpty()
                ? shards.size() + " shards are as declared"
                : notReady.stream().map(StatusFactory::headline).collect(Collectors.joining("; "));
    }

    private static ShardView worst(List<ShardView> shards) {
        return shards.stream()
                .max(Comparator.comparing(shard -> shard.headline().reason().severity()))
                .orElseThrow(() -> new IllegalArgumentException("no shards"));
    }

    private static String messages(List<Finding> findings, Reason.Severity severity) {
        return findings.stream()
                .filter(finding -> finding.reason().severity() == severity)
                .map(finding -> Objects.requireNonNull(finding).message())
                .distinct()
                .collect(Collectors.joining("; "));
    }
}
