package io.pgmosaic.operator.observe;

import io.pgmosaic.api.v1alpha1.cluster.ShardedCluster;

import java.time.Duration;
import java.util.Objects;
import java.util.Optional;

/** How far the standbys of a shard are behind, by the cluster's status. */
public final class StandbyLag {
    private StandbyLag() {}

    /** Why a shard should not have more to do now, for a person; empty when nothing stands against it. */
    public static Optional<String> trouble(ShardedCluster cluster, String shard, Duration mostLag) {
        return cluster.getStatus().shards().stream()
                .filter(state -> state.name().equals(shard))
                .flatMap(state -> state.instances().stream())
                .filter(instance -> Objects.requireNonNullElse(instance.lagMillis(), 0L) > mostLag.toMillis())
                .findFirst()
                .map(instance -> "standby " + instance.name() + " is " + instance.lag() + " behind");
    }
}
