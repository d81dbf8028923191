package io.pgmosaic.operator.simulation;

import io.fabric8.kubernetes.api.model.ResourceRequirements;
import io.pgmosaic.api.v1alpha1.cluster.CredentialsSpec;
import io.pgmosaic.api.v1alpha1.cluster.Durability;
import io.pgmosaic.api.v1alpha1.cluster.FailoverSpec;
import io.pgmosaic.api.v1alpha1.cluster.FencingSpec;
import io.pgmosaic.api.v1alpha1.cluster.InitSqlSpec;
import io.pgmosaic.api.v1alpha1.cluster.PostgresSpec;
import io.pgmosaic.api.v1alpha1.cluster.QuorumMethod;
import io.pgmosaic.api.v1alpha1.cluster.ReplicationMode;
import io.pgmosaic.api.v1alpha1.cluster.ReplicationSpec;
import io.pgmosaic.api.v1alpha1.cluster.RoutingSpec;
import io.pgmosaic.api.v1alpha1.cluster.SchedulingSpec;
import io.pgmosaic.api.v1alpha1.cluster.SchemaDriftSpec;
import io.pgmosaic.api.v1alpha1.cluster.ShardedClusterSpec;
import io.pgmosaic.api.v1alpha1.cluster.ShardingSpec;
import io.pgmosaic.api.v1alpha1.cluster.ShardsSpec;
import io.pgmosaic.api.v1alpha1.cluster.StorageSpec;
import io.pgmosaic.api.v1alpha1.cluster.SwitchoverSpec;
import io.pgmosaic.api.v1alpha1.cluster.TlsSpec;
import io.pgmosaic.api.v1alpha1.cluster.UpdateSpec;
import io.pgmosaic.api.v1alpha1.cluster.VolumePolicy;

import java.util.List;
import java.util.Map;

/**
 * What a spec asks for, as far as failovers care.
 *
 * @param fenced instances
 * @param shardFenced whether clients are kept out
 */
record Specs(
        ReplicationMode mode,
        Durability durability,
        int instances,
        List<String> fenced,
        boolean shardFenced,
        List<SwitchoverSpec> switchover) {

    static Specs ordinary() {
        return new Specs(ReplicationMode.SEMI_SYNC, Durability.REQUIRED, 3, List.of(), false, List.of());
    }

    static Specs any(Chance chance, Theme theme) {
        int instances = chance.one(
                theme == Theme.DEPOSED
                        ? List.of(2, 3, 3, 5)
                        : theme == Theme.CHANGES ? List.of(2, 2, 2, 3, 3, 5) : List.of(1, 2, 3, 3, 3, 3, 5));
        ReplicationMode mode = theme == Theme.DEPOSED
                ? ReplicationMode.ASYNC
                : chance.one(List.of(
                        ReplicationMode.ASYNC,
                        ReplicationMode.SEMI_SYNC,
                        ReplicationMode.SEMI_SYNC,
                        ReplicationMode.QUORUM,
                        ReplicationMode.SYNC));
        Durability durability =
                chance.percent(theme == Theme.CHANGES ? 50 : 70) ? Durability.REQUIRED : Durability.PREFERRED;
        return new Specs(
                instances == 1 ? ReplicationMode.ASYNC : mode, durability, instances, List.of(), false, List.of());
    }

    /** Whether nothing that was acknowledged or read may ever be lost. */
    boolean isDurable() {
        return mode != ReplicationMode.ASYNC && durability == Durability.REQUIRED;
    }

    Specs withInstances(int changed) {
        return new Specs(mode, durability, changed, fenced, shardFenced, switchover);
    }

    Specs withFenced(List<String> changed, boolean shard) {
        return new Specs(mode, durability, instances, changed, shard, switchover);
    }

    Specs withSwitchover(List<SwitchoverSpec> changed) {
        return new Specs(mode, durability, instances, fenced, shardFenced, changed);
    }

    ShardedClusterSpec spec() {
        return new ShardedClusterSpec(
                new PostgresSpec(15, null, Map.of()),
                "app",
                "app",
                new ShardsSpec(1, List.of()),
                instances,
                new ReplicationSpec(mode, null, durability, QuorumMethod.ANY),
                ShardingSpec.defaults(),
                new StorageSpec("1Gi", null, VolumePolicy.RETAIN),
                new ResourceRequirements(),
                SchedulingSpec.defaults(),
                FailoverSpec.defaults(),
                RoutingSpec.defaults(),
                TlsSpec.defaults(),
                CredentialsSpec.defaults(),
                InitSqlSpec.none(),
                switchover,
                new FencingSpec(fenced, shardFenced ? List.of("s0") : List.of()),
                UpdateSpec.defaults(),
                SchemaDriftSpec.defaults());
    }
}
