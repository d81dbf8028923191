package io.pgmosaic.operator.cluster;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import io.pgmosaic.api.v1alpha1.cluster.ShardedCluster;
import io.pgmosaic.api.v1alpha1.cluster.ShardedClusterSpec;
import io.pgmosaic.operator.desired.ClusterIntent;
import io.pgmosaic.operator.desired.ClusterNames;
import io.pgmosaic.operator.desired.Labels;
import io.pgmosaic.operator.observe.ClusterWatch;

import java.util.Map;
import java.util.Optional;

/**
 * The last spec of each cluster that was found valid. It is kept in a ConfigMap, so that a cluster whose spec was edited
 * into an invalid one is run as it was, also by an operator that was started afterwards.
 */
public final class AcceptedSpecs {
    private static final String KEY = "spec.json";

    private final ClusterWatch watch;
    private final KubernetesSerialization json;

    public AcceptedSpecs(ClusterWatch watch, KubernetesSerialization json) {
        this.watch = watch;
        this.json = json;
    }

    /**
     * Empty until a spec was accepted. One of a deleted cluster of the same name, whose ConfigMap is not collected yet, does
     * not count.
     */
    public Optional<ShardedClusterSpec> accepted(ShardedCluster cluster) {
        String namespace = cluster.getMetadata().getNamespace();
        String name = cluster.getMetadata().getName();
        return watch.configMap(namespace, ClusterNames.acceptedSpec(name))
                .filter(stored -> stored.getMetadata().getOwnerReferences().stream()
                        .anyMatch(owner ->
                                owner.getUid().equals(cluster.getMetadata().getUid())))
                .map(this::read);
    }

    /** The spec that a stored ConfigMap holds. */
    ShardedClusterSpec read(ConfigMap stored) {
        try {
            return json.unmarshal(stored.getData().getOrDefault(KEY, ""), ShardedClusterSpec.class);
        } catch (KubernetesClientException e) {
            throw new IllegalStateException(
                    "ConfigMap " + stored.getMetadata().getName()
                            + " does not hold a spec any more; delete it to have the present spec accepted anew",
                    e);
        }
    }

    /** The ConfigMap to store. */
    ConfigMap store(ClusterIntent intent, long generation) {
        Map<String, String> labels = Map.of(
                Labels.MANAGED_BY, Labels.MANAGER, Labels.CLUSTER, intent.name(), ClusterWatch.ACCEPTED_SPEC_LABEL, "");
        return new ConfigMapBuilder()
                .withNewMetadata()
                .withName(ClusterNames.acceptedSpec(intent.name()))
                .withNamespace(intent.namespace())
                .withLabels(labels)
                .withOwnerReferences(intent.owner())
                .endMetadata()
                .withData(Map.of(KEY, json.asJson(intent.spec()), "generation", Long.toString(generation)))
                .build();
    }
}
