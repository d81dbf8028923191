package io.pgmosaic.operator.ids;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.pgmosaic.api.v1alpha1.cluster.ShardedCluster;
import io.pgmosaic.operator.ClusterKey;
import io.pgmosaic.operator.desired.ClusterIntent;
import io.pgmosaic.operator.desired.ClusterNames;
import io.pgmosaic.operator.desired.Labels;
import org.jspecify.annotations.Nullable;

import java.net.HttpURLConnection;
import java.util.Map;

/**
 * The ConfigMap. A merge patch that carries the resource version is refused when that has changed, so patching is all the
 * permission that a compare-and-set needs, and only what changes is sent.
 */
final class ConfigMapNumbers implements MachineNumberStore {
    private final KubernetesClient client;

    ConfigMapNumbers(KubernetesClient client) {
        this.client = client;
    }

    @Override
    public Recorded read(ClusterKey cluster) throws UnavailableException {
        ConfigMap found = client.configMaps()
                .inNamespace(cluster.namespace())
                .withName(ClusterNames.machineIds(cluster.name()))
                .get();
        if (found == null) {
            return new Recorded(null, Map.of());
        }
        String owner = owner(cluster).getUid();
        if (found.getMetadata().getOwnerReferences().stream()
                .noneMatch(reference -> reference.getUid().equals(owner))) {
            throw new UnavailableException("ConfigMap " + found.getMetadata().getName()
                    + " is not of this cluster; if it is a deleted one's, it goes by itself");
        }
        Map<String, String> data = found.getData();
        return new Recorded(found.getMetadata().getResourceVersion(), data == null ? Map.of() : data);
    }

    @Override
    public boolean write(ClusterKey cluster, @Nullable String version, Map<String, String> changes)
            throws UnavailableException {
        try {
            if (version == null) {
                create(cluster, changes);
            } else {
                patch(cluster, version, changes);
            }
            return true;
        } catch (KubernetesClientException e) {
            // Gone since it was read: to be created anew.
            if (e.getCode() == HttpURLConnection.HTTP_CONFLICT || e.getCode() == HttpURLConnection.HTTP_NOT_FOUND) {
                return false;
            }
            throw e;
        }
    }

    private void create(ClusterKey cluster, Map<String, String> data) throws UnavailableException {
        client.resource(new ConfigMapBuilder()
                        .withNewMetadata()
                        .withName(ClusterNames.machineIds(cluster.name()))
                        .withNamespace(cluster.namespace())
                        .withLabels(Map.of(Labels.MANAGED_BY, Labels.MANAGER, Labels.CLUSTER, cluster.name()))
                        .withOwnerReferences(owner(cluster))
                        .endMetadata()
                        .withData(data)
                        .build())
                .create();
    }

    private void patch(ClusterKey cluster, String version, Map<String, String> changes) {
        String patch = client.getKubernetesSerialization()
                .asJson(Map.of("metadata", Map.of("resourceVersion", version), "data", changes));
        client.configMaps()
                .inNamespace(cluster.namespace())
                .withName(ClusterNames.machineIds(cluster.name()))
                .patch(PatchContext.of(PatchType.JSON_MERGE), patch);
    }

    /** Asked for each time, since a cache may still show a cluster of the name that was deleted. */
    private OwnerReference owner(ClusterKey cluster) throws UnavailableException {
        ShardedCluster found = client.resources(ShardedCluster.class)
                .inNamespace(cluster.namespace())
                .withName(cluster.name())
                .get();
        if (found == null) {
            throw new UnavailableException("there is no ShardedCluster " + cluster);
        }
        return ClusterIntent.ownerReference(found);
    }
}
