package io.pgmosaic.operator.cluster;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.PrimaryUpdateAndCacheUtils;
import io.pgmosaic.api.v1alpha1.cluster.InstanceState;
import io.pgmosaic.api.v1alpha1.cluster.ShardState;
import io.pgmosaic.api.v1alpha1.cluster.ShardedCluster;
import io.pgmosaic.api.v1alpha1.cluster.ShardedClusterStatus;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Writes a cluster's status by compare-and-set: the write fails when anybody changed the object since it was read. This is
 * what keeps two operators from deciding two things.
 */
final class StatusStore {
    /** Lags and sizes change all the time; a status in which nothing else did is written this often. */
    private static final Duration LAG_INTERVAL = Duration.ofSeconds(10);

    private final KubernetesClient client;
    private final Clock clock;
    private final Map<String, Instant> writtenAt = new ConcurrentHashMap<>();

    StatusStore(KubernetesClient client, Clock clock) {
        this.client = client;
        this.clock = clock;
    }

    /**
     * Stores the status, if it says anything new.
     *
     * @return the object as it is stored now
     * @throws io.fabric8.kubernetes.client.KubernetesClientException with code 409 when the object was changed in between
     */
    ShardedCluster store(ShardedCluster cluster, ShardedClusterStatus status, Context<ShardedCluster> context) {
        ShardedClusterStatus before = cluster.getStatus();
        String uid = cluster.getMetadata().getUid();
        boolean lagIsDue = !clock.instant()
                .isBefore(writtenAt.getOrDefault(uid, Instant.EPOCH).plus(LAG_INTERVAL));
        boolean news = !withoutLag(status).equals(withoutLag(before)) || (lagIsDue && !status.equals(before));
        if (!news) {
            return cluster;
        }
        ShardedCluster changed = client.getKubernetesSerialization().clone(cluster);
        changed.setStatus(status);
        ShardedCluster stored = PrimaryUpdateAndCacheUtils.patchStatusAndCacheResource(
                changed, context, resource -> client.resource(resource).updateStatus());
        writtenAt.put(uid, clock.instant());
        return stored;
    }

    private static ShardedClusterStatus withoutLag(ShardedClusterStatus status) {
        List<ShardState> shards = status.shards().stream()
                .map(shard -> shard.seen(
                        shard.phase(),
                        shard.message(),
                        shard.lastFailover(),
                        shard.schema(),
                        null,
                        shard.instances().stream().map(StatusStore::withoutLag).toList()))
                .toList();
        return status.with(status.map(), shards, status.splits());
    }

    private static InstanceState withoutLag(InstanceState instance) {
        return new InstanceState(
                instance.name(),
                instance.role(),
                instance.ready(),
                null,
                null,
                null,
                instance.syncState(),
                instance.timeline(),
                instance.message());
    }
}
