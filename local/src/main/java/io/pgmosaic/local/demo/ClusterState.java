package io.pgmosaic.local.demo;

import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.pgmosaic.api.v1alpha1.cluster.InstanceState;
import io.pgmosaic.api.v1alpha1.cluster.ShardState;
import io.pgmosaic.api.v1alpha1.cluster.ShardedCluster;

import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** What the operator says of a cluster. */
public final class ClusterState {
    private final ShardedCluster cluster;

    private ClusterState(ShardedCluster cluster) {
        this.cluster = cluster;
    }

    /** The state now; empty when there is no such cluster. */
    public static Optional<ClusterState> read(KubernetesClient client, String namespace, String name) {
        return Optional.ofNullable(client.resources(ShardedCluster.class)
                        .inNamespace(namespace)
                        .withName(name)
                        .get())
                .map(ClusterState::new);
    }

    /** Whether the operator finds the cluster as its spec wants it, and speaks of the newest spec. */
    public boolean isReady() {
        return Objects.equals(
                        cluster.getStatus().observedGeneration(),
                        cluster.getMetadata().getGeneration())
                && condition("Ready")
                        .filter(ready -> ready.getStatus().equals("True"))
                        .isPresent();
    }

    /** The phase and what the operator has to say, of the cluster and of each shard that is not ready. */
    public String summary() {
        StringBuilder summary =
                new StringBuilder("phase ").append(cluster.getStatus().phase());
        Optional.ofNullable(cluster.getStatus().message())
                .ifPresent(message -> summary.append(", ").append(message));
        for (ShardState shard : shards()) {
            if (!"Ready".equals(shard.phase())) {
                summary.append("; shard ").append(shard.name()).append(' ').append(shard.phase());
                Optional.ofNullable(shard.message())
                        .ifPresent(message -> summary.append(": ").append(message));
            }
        }
        return summary.toString();
    }

    public String namespace() {
        return cluster.getMetadata().getNamespace();
    }

    public String name() {
        return cluster.getMetadata().getName();
    }

    public List<ShardState> shards() {
        return cluster.getStatus().shards();
    }

    /** The shard's instances in the role {@code Primary} or {@code Standby}. */
    public List<InstanceState> instances(String shard, String role) {
        return shards().stream()
                .filter(candidate -> candidate.name().equals(shard))
                .flatMap(candidate -> candidate.instances().stream())
                .filter(instance -> role.equals(instance.role()))
                .toList();
    }

    ShardedCluster object() {
        return cluster;
    }

    private Optional<Condition> condition(String type) {
        return cluster.getStatus().conditions().stream()
                .filter(condition -> condition.getType().equals(type))
                .findFirst();
    }
}
