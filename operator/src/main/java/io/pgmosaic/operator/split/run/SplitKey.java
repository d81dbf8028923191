package io.pgmosaic.operator.split.run;

import io.pgmosaic.operator.ClusterKey;

/**
 * One split.
 *
 * @param uid by which Kubernetes tells it from another of its name
 */
record SplitKey(ClusterKey cluster, String name, String uid) {
    String namespace() {
        return cluster.namespace();
    }

    @Override
    public String toString() {
        return "ShardSplit " + cluster.namespace() + "/" + name;
    }
}
