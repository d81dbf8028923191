package io.pgmosaic.operator.desired;

/** Names of the objects that belong to a cluster as a whole. */
public final class ClusterNames {
    private ClusterNames() {}

    /** Secret: the cluster's certificate authority. */
    public static String authority(String cluster) {
        return cluster + "-ca";
    }

    /** Secret: passwords of the product's own roles. */
    public static String credentials(String cluster) {
        return cluster + "-credentials";
    }

    /** Secret: the application's user. */
    public static String application(String cluster) {
        return cluster + "-app";
    }

    /** Secret and ConfigMap: what a router needs. */
    public static String router(String cluster) {
        return cluster + "-router";
    }

    /** ConfigMap: the last spec that was found valid. */
    public static String acceptedSpec(String cluster) {
        return cluster + "-accepted-spec";
    }

    /** ConfigMap: which router has which machine number for its ids. */
    public static String machineIds(String cluster) {
        return cluster + "-machine-ids";
    }

    /** StatefulSet, headless Service and PodDisruptionBudget of a shard. */
    public static String workload(String cluster, String shard) {
        return cluster + "-" + shard;
    }

    /** Secret: the server certificate of a shard. */
    public static String shardCertificate(String cluster, String shard) {
        return workload(cluster, shard) + "-tls";
    }

    /** Secret: the certificate with which the operator comes, where somebody else issues it. No shard's has such a name. */
    public static String operatorClient(String cluster) {
        return cluster + "-operator-client";
    }

    /** The claim of an instance's volume, as the StatefulSet controller names it. */
    public static String volumeClaim(String instance) {
        return DATA_VOLUME + "-" + instance;
    }

    static final String DATA_VOLUME = "data";
}
