package io.pgmosaic.operator.plan;

import io.pgmosaic.protocol.instance.InstanceIdentity;

/** Which shard of which cluster. */
public record ShardIdentity(String namespace, String cluster, String clusterUid, String shard) {
    public InstanceIdentity instance(String name) {
        return new InstanceIdentity(namespace, cluster, clusterUid, shard, name);
    }

    /** The name of the shard's StatefulSet and headless Service. */
    public String workload() {
        return cluster + "-" + shard;
    }

    /** The DNS name of the headless Service, which the certificate of every instance holds. */
    public String service() {
        return workload() + "." + namespace + ".svc";
    }

    /** The DNS name of an instance. */
    public String host(String instance) {
        return instance + "." + service();
    }
}
