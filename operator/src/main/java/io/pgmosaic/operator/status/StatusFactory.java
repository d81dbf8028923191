package io.pgmosaic.operator.status;

import io.pgmosaic.api.v1alpha1.cluster.InstanceState;
import io.pgmosaic.api.v1alpha1.cluster.SchemaState;
import io.pgmosaic.api.v1alpha1.cluster.ShardState;
import io.pgmosaic.api.v1alpha1.cluster.ShardedClusterStatus;
import io.pgmosaic.operator.database.DatabaseReport;
import io.pgmosaic.operator.plan.Finding;
import io.pgmosaic.operator.plan.Reason;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.Set;
import java.util.stream.Collectors;

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
                shardsReady(view, shards),
                instancesReady(view, shards),
                before.map(),
                shards,
                before.splits(),
                before.migration(),
                before.schemaChanges(),
                before.schemaDrift(),
                ClusterConditions.of(view, before.conditions(), before.schemaDrift(), generation, now));
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
                before.migration(),
                before.schemaChanges(),
                before.schemaDrift(),
                ClusterConditions.unfinished(cause, before.conditions(), generation, now));
    }

    /**
     * The stored shards, with what the view says of them. Those that it does not have, since no spec is in force or they are
     * being removed, stay as they are: they are the record of terms, primaries and system identifiers, and forgetting it would
     * be forgetting whose data this is.
     */
    private static List<ShardState> shards(ShardedClusterStatus before, ClusterView view, Instant now) {
        SequencedMap<String, ShardState> shards = new LinkedHashMap<>();
        before.shards().forEach(shard -> shards.put(shard.name(), shard));
        view.shards().forEach(shard -> shards.put(shard.facts().identity().shard(), shardState(before, shard, now)));
        return List.copyOf(shards.values());
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
                .orElse(view.shards().isEmpty() ? "the cluster is being created" : healthy(view));
    }

    static String healthy(ClusterView view) {
        return "all " + view.serving().size() + " shards are as declared";
    }

    /** While there is no view, as many as are recorded are not ready. */
    private static String shardsReady(ClusterView view, List<ShardState> shards) {
        return view.serving().stream().filter(ShardView::isWritable).count() + "/"
                + (view.shards().isEmpty() ? shards.size() : view.serving().size());
    }

    private static String instancesReady(ClusterView view, List<ShardState> shards) {
        Set<String> serving = view.serving().stream()
                .map(shard -> shard.facts().identity().shard())
                .collect(Collectors.toSet());
        long ready = shards.stream()
                .filter(shard -> view.shards().isEmpty() || serving.contains(shard.name()))
                .flatMap(shard -> shard.instances().stream())
                .filter(InstanceState::ready)
                .count();
        int declared = view.serving().stream()
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
        return stored.seen(
                view.phase().word(),
                view.headline().message(),
                Milestones.of(stored, view, now),
                schema,
                Sizes.of(stored.size(), database),
                InstanceStates.of(view));
    }
}
