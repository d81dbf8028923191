package io.pgmosaic.operator.status;

import io.pgmosaic.api.v1alpha1.cluster.InstanceState;
import io.pgmosaic.api.v1alpha1.cluster.SchemaState;
import io.pgmosaic.api.v1alpha1.cluster.ShardState;
import io.pgmosaic.api.v1alpha1.cluster.ShardedClusterStatus;
import io.pgmosaic.operator.database.DatabaseReport;
import io.pgmosaic.operator.plan.Finding;
import io.pgmosaic.operator.plan.Reason;

import java.time.Instant;
import java.util.List;

/** Builds the status of a cluster. */
public final class StatusFactory {
    private StatusFactory() {}

    /**
     * The status after a pass.
     *
     * @param before the stored one, whose recorded parts (map, records) are kept
     * @param generation of the spec that was looked at
     */
    public static ShardedClusterStatus build(
            ShardedClusterStatus before, long generation, ClusterView view, Instant now) {
        List<ShardState> shards = shards(before, view, now);
        return new ShardedClusterStatus(
                generation,
                phase(view),
                message(view),
                view.shards().stream().filter(ShardView::isWritable).count() + "/" + shards.size(),
                instancesReady(view, shards),
                before.map(),
                shards,
                before.splits(),
                ClusterConditions.of(view, before.conditions(), generation, now));
    }

    /**
     * The status after a pass that could not be finished: all stays as it was recorded, with the cause.
     *
     * @param before the stored one
     * @param generation of the spec that was looked at
     */
    public static ShardedClusterStatus unfinished(
            ShardedClusterStatus before, long generation, Finding cause, Instant now) {
        return new ShardedClusterStatus(
                before.observedGeneration(),
                before.phase() == null ? ShardPhase.FAILED.word() : before.phase(),
                cause.message(),
                before.shardsReady(),
                before.instancesReady(),
                before.map(),
                before.shards(),
                before.splits(),
                ClusterConditions.unfinished(cause, before.conditions(), generation, now));
    }

    /**
     * The shards of the view. When there are none, because no spec is in force, the stored ones stay as they are: they are
     * the record of terms, primaries and system identifiers, and forgetting it would be forgetting whose data this is.
     */
    private static List<ShardState> shards(ShardedClusterStatus before, ClusterView view, Instant now) {
        return view.shards().isEmpty()
                ? before.shards()
                : view.shards().stream()
                        .map(shard -> shardState(before, shard, now))
                        .toList();
    }

    /** One word: that of the worst shard, or Invalid while nothing runs because the spec cannot be carried out. */
    private static String phase(ClusterView view) {
        return view.shards().isEmpty() && !view.isSpecAccepted()
                ? "Invalid"
                : view.phase().word();
    }

    /** The most important thing to know. */
    static String message(ClusterView view) {
        return view.all().stream()
                .filter(finding -> finding.reason() != Reason.HEALTHY)
                .map(Finding::message)
                .findFirst()
                .orElse(
                        view.shards().isEmpty()
                                ? "the cluster is being created"
                                : "all " + view.shards().size() + " shards are as declared");
    }

    private static String instancesReady(ClusterView view, List<ShardState> shards) {
        long ready = shards.stream()
                .flatMap(shard -> shard.instances().stream())
                .filter(InstanceState::ready)
                .count();
        int declared = view.shards().stream()
                .mapToInt(shard -> shard.facts().spec().instancesPerShard())
                .sum();
        return ready + "/" + declared;
    }

    private static ShardState shardState(ShardedClusterStatus before, ShardView view, Instant now) {
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
                stored.election(),
                Milestones.of(stored, view, now),
                stored.switchover(),
                schema,
                Sizes.of(stored.size(), database),
                InstanceStates.of(view));
    }
}
