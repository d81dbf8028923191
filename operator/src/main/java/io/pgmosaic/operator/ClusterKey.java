package io.pgmosaic.operator;

/** A ShardedCluster's namespace and name. */
public record ClusterKey(String namespace, String name) {
    @Override
    public String toString() {
        return namespace + "/" + name;
    }
}
