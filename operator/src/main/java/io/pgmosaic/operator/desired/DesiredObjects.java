package io.pgmosaic.operator.desired;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.HasMetadata;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;

/** Everything that is applied for a cluster. Secrets are not here: they are made once and then kept. */
public final class DesiredObjects {
    private DesiredObjects() {}

    /**
     * The objects in the order in which they are applied.
     *
     * @param replicas of each shard's StatefulSet, by shard
     * @param topologyUrls where routers find the operator
     */
    public static List<HasMetadata> of(
            ClusterIntent intent, SequencedMap<String, Integer> replicas, List<String> topologyUrls) {
        List<HasMetadata> objects = new ArrayList<>();
        objects.add(routerConfiguration(intent, topologyUrls));
        replicas.forEach((shard, count) -> objects.addAll(ofShard(intent, shard, count)));
        return List.copyOf(objects);
    }

    /** Those of one shard. */
    public static List<HasMetadata> ofShard(ClusterIntent intent, String shard, int replicas) {
        List<HasMetadata> objects = new ArrayList<>(ShardServices.of(intent, shard));
        objects.add(ShardDisruptionBudget.of(intent, shard));
        objects.add(ShardStatefulSet.of(intent, shard, replicas));
        return List.copyOf(objects);
    }

    private static ConfigMap routerConfiguration(ClusterIntent intent, List<String> topologyUrls) {
        return new ConfigMapBuilder()
                .withNewMetadata()
                .withName(ClusterNames.router(intent.name()))
                .withNamespace(intent.namespace())
                .withLabels(Labels.ofCluster(intent.name()))
                .withOwnerReferences(intent.owner())
                .endMetadata()
                .withData(Map.of("topology-urls", String.join(",", topologyUrls)))
                .build();
    }
}
