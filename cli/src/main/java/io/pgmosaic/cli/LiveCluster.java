package io.pgmosaic.cli;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.pgmosaic.api.v1alpha1.cluster.ShardedCluster;
import org.jspecify.annotations.Nullable;

/** Reads a cluster where kubectl would. */
final class LiveCluster {
    private LiveCluster() {}

    /**
     * @param context of the kubeconfig; null for its current one
     * @param namespace null for that of the context
     * @throws Refusal when it is not there or cannot be read
     */
    static ShardedCluster read(@Nullable String context, @Nullable String namespace, String name) throws Refusal {
        Config config = new ConfigBuilder(Config.autoConfigure(context))
                .withRequestRetryBackoffLimit(0)
                .build();
        String where =
                namespace != null ? namespace : config.getNamespace() != null ? config.getNamespace() : "default";
        try (KubernetesClient client =
                new KubernetesClientBuilder().withConfig(config).build()) {
            @Nullable
            ShardedCluster cluster = client.resources(ShardedCluster.class)
                    .inNamespace(where)
                    .withName(name)
                    .get();
            if (cluster == null) {
                throw new Refusal("there is no ShardedCluster " + name + " in namespace " + where + " at "
                        + config.getMasterUrl() + ": name its namespace with -n, or give what it is by --current");
            }
            return cluster;
        } catch (KubernetesClientException e) {
            throw new Refusal(
                    "cannot read ShardedCluster " + name + " in namespace " + where + " at " + config.getMasterUrl()
                            + ": " + e.getMessage()
                            + "; see whether kubectl get shardedcluster works, or give what it is by --current",
                    e);
        }
    }
}
