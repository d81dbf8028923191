package io.pgmosaic.operator.validation;

import io.pgmosaic.api.v1alpha1.cluster.ShardState;
import io.pgmosaic.api.v1alpha1.cluster.ShardedCluster;
import io.pgmosaic.api.v1alpha1.cluster.ShardedClusterSpec;
import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;

/** All that a ShardedCluster's spec must keep. */
public final class ClusterSpecRules {
    private ClusterSpecRules() {}

    /**
     * What is wrong with a spec; empty when it can be carried out.
     *
     * @param cluster the resource's name
     * @param spec as it is declared now; null when the document has none
     * @param running the spec that was last carried out; null before the first
     */
    public static List<Problem> problems(
            String cluster, @Nullable ShardedClusterSpec spec, @Nullable ShardedClusterSpec running) {
        return problems(cluster, spec, running, List.of());
    }

    /**
     * The same of a cluster as it is stored: with the shards that splits have made, and with what must not change while a split is under way.
     *
     * @param running the spec that was last carried out; null before the first
     */
    public static List<Problem> problems(ShardedCluster cluster, @Nullable ShardedClusterSpec running) {
        List<Problem> problems = new ArrayList<>(
                problems(cluster.getMetadata().getName(), cluster.getSpec(), running, running(cluster)));
        ShardedClusterSpec spec = cluster.getSpec();
        if (spec != null && running != null && !spec.sharding().equals(running.sharding())) {
            cluster.getStatus().splits().stream()
                    .findFirst()
                    .ifPresent(split -> problems.add(new Problem(
                            "spec.sharding",
                            Problem.Kind.IMMUTABLE,
                            "ShardSplit " + split.name() + " is moving rows by it: wait for its end, or give it up")));
        }
        return List.copyOf(problems);
    }

    /** The shards that a cluster has by its status, for {@link #problems}: splits make some that the spec does not name. */
    static List<String> running(ShardedCluster cluster) {
        return cluster.getStatus() == null
                ? List.of()
                : cluster.getStatus().shards().stream().map(ShardState::name).toList();
    }

    /**
     * The same of a cluster with shards that splits have made.
     *
     * @param shards those that there are; empty before the first
     */
    public static List<Problem> problems(
            String cluster,
            @Nullable ShardedClusterSpec spec,
            @Nullable ShardedClusterSpec running,
            List<String> shards) {
        Problems problems = new Problems();
        if (spec == null) {
            problems.add("spec", Problem.Kind.MISSING, "is missing: write postgres, shards and storage at least");
            return problems.found();
        }
        NameRules.check(cluster, spec, problems);
        PostgresRules.check(spec.postgres(), problems);
        ShardRules.check(cluster, spec.shards(), problems);
        ReplicationRules.check(spec.instancesPerShard(), spec.replication(), problems);
        ShardingRules.check(spec.shards(), spec.sharding(), problems);
        StorageRules.check(spec.storage(), problems);
        SchedulingRules.check(spec.scheduling(), problems);
        TimingRules.check(spec, problems);
        RoutingRules.check(spec.routing(), spec.sharding(), problems);
        DeclaredInstances declared = DeclaredInstances.of(cluster, spec, shards);
        SwitchoverRules.check(spec.switchover(), declared, problems);
        FencingRules.check(spec.fencing(), declared, problems);
        problems.range("spec.update.maxShards", spec.update().maxShards(), 1, 64);
        SourceRules.check(spec.credentials(), spec.initSql(), problems);
        if (running != null) {
            ChangeRules.check(spec, running, shards, problems);
        }
        return problems.found();
    }
}
