package io.pgmosaic.operator.desired;

import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.OwnerReferenceBuilder;
import io.pgmosaic.api.v1alpha1.cluster.ShardedCluster;
import io.pgmosaic.api.v1alpha1.cluster.ShardedClusterSpec;
import io.pgmosaic.api.v1alpha1.common.Api;

/**
 * What desired objects are made from.
 *
 * @param spec the accepted one
 * @param image of the database pods
 */
public record ClusterIntent(String namespace, String name, String uid, ShardedClusterSpec spec, String image) {
    public static ClusterIntent of(ShardedCluster cluster, ShardedClusterSpec accepted, String image) {
        return new ClusterIntent(
                cluster.getMetadata().getNamespace(),
                cluster.getMetadata().getName(),
                cluster.getMetadata().getUid(),
                accepted,
                image);
    }

    /** Deleting the cluster deletes what carries this. */
    public OwnerReference owner() {
        return reference(name, uid);
    }

    /** Deleting the cluster deletes what carries this. */
    public static OwnerReference ownerReference(ShardedCluster cluster) {
        return reference(cluster.getMetadata().getName(), cluster.getMetadata().getUid());
    }

    private static OwnerReference reference(String name, String uid) {
        return new OwnerReferenceBuilder()
                .withApiVersion(Api.GROUP + "/" + Api.VERSION)
                .withKind("ShardedCluster")
                .withName(name)
                .withUid(uid)
                .withController(true)
                .withBlockOwnerDeletion(true)
                .build();
    }
}
