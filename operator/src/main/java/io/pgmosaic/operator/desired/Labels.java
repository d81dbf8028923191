package io.pgmosaic.operator.desired;

import java.util.LinkedHashMap;
import java.util.Map;

/** The labels of everything the operator makes. */
public final class Labels {
    public static final String MANAGED_BY = "app.kubernetes.io/managed-by";
    public static final String MANAGER = "pgmosaic";
    public static final String CLUSTER = "pgmosaic.io/cluster";
    public static final String SHARD = "pgmosaic.io/shard";
    /** On pods: which Service they stand behind. */
    public static final String ROLE = "pgmosaic.io/role";

    public static final String ROLE_PRIMARY = "primary";
    public static final String ROLE_REPLICA = "replica";

    private Labels() {}

    static Map<String, String> ofCluster(String cluster) {
        Map<String, String> labels = new LinkedHashMap<>();
        labels.put("app.kubernetes.io/name", "pgmosaic");
        labels.put("app.kubernetes.io/instance", cluster);
        labels.put(MANAGED_BY, MANAGER);
        labels.put(CLUSTER, cluster);
        return labels;
    }

    public static Map<String, String> ofShard(String cluster, String shard) {
        Map<String, String> labels = ofCluster(cluster);
        labels.put(SHARD, shard);
        return labels;
    }

    /** What selects the pods of a shard; may never change, since a StatefulSet's selector cannot. */
    public static Map<String, String> selector(String cluster, String shard) {
        return Map.of(CLUSTER, cluster, SHARD, shard);
    }
}
