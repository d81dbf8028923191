package io.pgmosaic.operator.plan;

import io.pgmosaic.api.v1alpha1.cluster.ShardedClusterSpec;
import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Optional;

/**
 * Everything a shard's plan depends on.
 *
 * @param spec the accepted one
 * @param instances every instance that is declared or still there, by ordinal
 * @param databaseReady whether database, roles, initial SQL and guard were found complete on this shard
 */
public record ShardFacts(
        ShardIdentity identity,
        ShardedClusterSpec spec,
        ShardRecord record,
        List<InstanceFacts> instances,
        boolean databaseReady) {

    public ShardFacts {
        instances = List.copyOf(instances);
    }

    /** The instances that the spec asks for. */
    List<InstanceFacts> declared() {
        return instances.stream()
                .filter(instance -> instance.ordinal() < spec.instancesPerShard())
                .toList();
    }

    Optional<InstanceFacts> instance(@Nullable String name) {
        return instances.stream()
                .filter(instance -> instance.name().equals(name))
                .findFirst();
    }
}
