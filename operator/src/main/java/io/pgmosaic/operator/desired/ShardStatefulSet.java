package io.pgmosaic.operator.desired;

import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaimBuilder;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.apps.StatefulSetBuilder;
import io.pgmosaic.api.v1alpha1.cluster.VolumePolicy;

import java.util.Map;

/**
 * A shard's StatefulSet. Pods start in parallel and are replaced only when they are deleted: the order in which instances
 * restart depends on their roles, which the StatefulSet controller does not know.
 */
final class ShardStatefulSet {
    private ShardStatefulSet() {}

    static StatefulSet of(ClusterIntent intent, String shard, int replicas) {
        String name = ClusterNames.workload(intent.name(), shard);
        return new StatefulSetBuilder()
                .withNewMetadata()
                .withName(name)
                .withNamespace(intent.namespace())
                .withLabels(Labels.ofShard(intent.name(), shard))
                .withOwnerReferences(intent.owner())
                .endMetadata()
                .withNewSpec()
                .withReplicas(replicas)
                .withServiceName(name)
                .withPodManagementPolicy("Parallel")
                .withNewUpdateStrategy()
                .withType("OnDelete")
                .endUpdateStrategy()
                .withNewPersistentVolumeClaimRetentionPolicy()
                .withWhenDeleted(intent.spec().storage().onDelete() == VolumePolicy.DELETE ? "Delete" : "Retain")
                .withWhenScaled("Retain")
                .endPersistentVolumeClaimRetentionPolicy()
                .withNewSelector()
                .withMatchLabels(Labels.selector(intent.name(), shard))
                .endSelector()
                .withTemplate(InstancePod.of(intent, shard))
                .withVolumeClaimTemplates(claim(intent, shard))
                .endSpec()
                .build();
    }

    private static PersistentVolumeClaim claim(ClusterIntent intent, String shard) {
        return new PersistentVolumeClaimBuilder()
                .withNewMetadata()
                .withName(ClusterNames.DATA_VOLUME)
                .withLabels(Labels.ofShard(intent.name(), shard))
                .endMetadata()
                .withNewSpec()
                .withAccessModes("ReadWriteOnce")
                .withStorageClassName(intent.spec().storage().storageClassName())
                .withNewResources()
                .withRequests(Map.of("storage", intent.spec().storage().sizeAsQuantity()))
                .endResources()
                .endSpec()
                .build();
    }
}
