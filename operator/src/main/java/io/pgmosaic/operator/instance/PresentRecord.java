package io.pgmosaic.operator.instance;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.pgmosaic.api.v1alpha1.cluster.ShardedCluster;
import io.pgmosaic.operator.status.Records;
import io.pgmosaic.protocol.instance.InstanceCommand;
import io.pgmosaic.protocol.instance.InstanceIdentity;

import java.io.IOException;

/** The record as it is stored now: read from the Kubernetes API each time, never from a cache. */
public final class PresentRecord implements HttpInstanceClient.RecordedCommands {
    private final KubernetesClient client;

    public PresentRecord(KubernetesClient client) {
        this.client = client;
    }

    @Override
    public boolean backs(InstanceCommand command) throws IOException {
        InstanceIdentity target = command.target();
        ShardedCluster cluster;
        try {
            cluster = client.resources(ShardedCluster.class)
                    .inNamespace(target.namespace())
                    .withName(target.cluster())
                    .get();
        } catch (KubernetesClientException e) {
            throw new IOException("the record cannot be read: " + e.getMessage(), e);
        }
        return cluster != null
                && target.clusterUid().equals(cluster.getMetadata().getUid())
                && cluster.getStatus() != null
                && cluster.getStatus().shards().stream()
                        .filter(state -> state.name().equals(target.shard()))
                        .anyMatch(state -> Records.of(state).backs(command));
    }
}
