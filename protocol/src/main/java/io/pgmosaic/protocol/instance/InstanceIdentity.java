package io.pgmosaic.protocol.instance;

/**
 * Which instance of which shard of which cluster. Stored on the data volume at bootstrap or first follow, so that a
 * volume attached to the wrong pod is recognised.
 *
 * @param clusterUid the ShardedCluster's {@code metadata.uid}; a cluster made anew under an old name has another one
 * @param instance the pod's name
 */
public record InstanceIdentity(String namespace, String cluster, String clusterUid, String shard, String instance) {

    /** True when both are instances of one shard; uid and instance may differ. */
    public boolean sameShard(InstanceIdentity other) {
        return namespace.equals(other.namespace) && cluster.equals(other.cluster) && shard.equals(other.shard);
    }
}
