package io.pgmosaic.operator.cluster;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.pgmosaic.api.v1alpha1.cluster.ShardedCluster;
import io.pgmosaic.operator.ClusterKey;

import java.net.HttpURLConnection;
import java.util.function.Predicate;

/** Which clusters there are, for those who come as soon as one was made: what the cache lacks is asked for. */
public final class KnownClusters {
    private final Predicate<ClusterKey> cached;
    private final KubernetesClient client;

    /**
     * @param cached whether the cache has a cluster
     */
    public KnownClusters(Predicate<ClusterKey> cached, KubernetesClient client) {
        this.cached = cached;
        this.client = client;
    }

    /** False also for a cluster in a namespace that this operator may not look into. May block. */
    public boolean contain(ClusterKey cluster) {
        return cached.test(cluster) || exists(cluster);
    }

    private boolean exists(ClusterKey cluster) {
        try {
            return client.resources(ShardedCluster.class)
                            .inNamespace(cluster.namespace())
                            .withName(cluster.name())
                            .get()
                    != null;
        } catch (KubernetesClientException e) {
            if (e.getCode() == HttpURLConnection.HTTP_FORBIDDEN) {
                return false;
            }
            throw e;
        }
    }
}
