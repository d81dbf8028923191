package io.pgmosaic.operator.cluster;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.pgmosaic.operator.ClusterKey;
import io.pgmosaic.operator.desired.Labels;
import io.pgmosaic.operator.observe.ClusterWatch;
import io.pgmosaic.operator.plan.InstanceFacts;
import io.pgmosaic.operator.plan.ShardFacts;
import io.pgmosaic.operator.plan.ShardRecord;
import org.jspecify.annotations.Nullable;

import java.util.Objects;

/** Puts on each database pod the role that the Services select by. */
final class RoleLabels {
    private final KubernetesClient client;
    private final ClusterWatch watch;

    RoleLabels(KubernetesClient client, ClusterWatch watch) {
        this.client = client;
        this.watch = watch;
    }

    void apply(ShardFacts facts, ShardRecord record) {
        ClusterKey cluster =
                new ClusterKey(facts.identity().namespace(), facts.identity().cluster());
        for (Pod pod : watch.pods(cluster, record.shard())) {
            String wanted = facts.instances().stream()
                    .filter(instance -> instance.name().equals(pod.getMetadata().getName()))
                    .map(instance -> role(instance, record))
                    .filter(Objects::nonNull)
                    .findFirst()
                    .orElse(null);
            if (!Objects.equals(wanted, pod.getMetadata().getLabels().get(Labels.ROLE))) {
                label(pod, wanted);
            }
        }
    }

    private static @Nullable String role(InstanceFacts instance, ShardRecord record) {
        if (record.election() == null
                && instance.isPrimaryOf(record.term())
                && instance.name().equals(record.primary())) {
            return Labels.ROLE_PRIMARY;
        }
        return instance.isStandbyOf(record.term()) ? Labels.ROLE_REPLICA : null;
    }

    private void label(Pod pod, @Nullable String role) {
        client.pods()
                .inNamespace(pod.getMetadata().getNamespace())
                .withName(pod.getMetadata().getName())
                .edit(current -> {
                    var labels = new java.util.HashMap<>(current.getMetadata().getLabels());
                    if (role == null) {
                        labels.remove(Labels.ROLE);
                    } else {
                        labels.put(Labels.ROLE, role);
                    }
                    return new PodBuilder(current)
                            .editMetadata()
                            .withLabels(labels)
                            .endMetadata()
                            .build();
                });
    }
}
