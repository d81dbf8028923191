package io.pgmosaic.operator.split.record;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.pgmosaic.api.v1alpha1.cluster.ShardedCluster;
import io.pgmosaic.api.v1alpha1.cluster.ShardedClusterStatus;
import io.pgmosaic.operator.ClusterKey;

import java.net.HttpURLConnection;

/** Stores changes of clusters' records by compare-and-set. */
public final class ClusterRecords {
    /** Lags are written all the time, so a conflict says little; a change that was overtaken says so itself. */
    private static final int MOST_CONFLICTS = 20;

    private final KubernetesClient client;

    public ClusterRecords(KubernetesClient client) {
        this.client = client;
    }

    /** From one status to the next. It is asked again when something else of the status has changed meanwhile. */
    public interface Change {
        ShardedClusterStatus of(ShardedClusterStatus status) throws OvertakenException;
    }

    /**
     * Makes the change of the cluster with this identifier.
     *
     * @return the cluster as it is stored now
     * @throws OvertakenException when the change is not one of the present status, or the cluster is gone; nothing was stored
     * @throws KubernetesClientException when the API cannot be asked; whether the change is stored is not known
     */
    public ShardedCluster change(ClusterKey key, String clusterUid, Change change) throws OvertakenException {
        for (int conflicts = 0; ; conflicts++) {
            ShardedCluster present = client.resources(ShardedCluster.class)
                    .inNamespace(key.namespace())
                    .withName(key.name())
                    .get();
            if (present == null || !clusterUid.equals(present.getMetadata().getUid())) {
                throw new OvertakenException("the cluster is gone");
            }
            present.setStatus(change.of(present.getStatus()));
            try {
                return client.resource(present).updateStatus();
            } catch (KubernetesClientException e) {
                if (e.getCode() != HttpURLConnection.HTTP_CONFLICT || conflicts == MOST_CONFLICTS) {
                    throw e;
                }
            }
        }
    }
}
