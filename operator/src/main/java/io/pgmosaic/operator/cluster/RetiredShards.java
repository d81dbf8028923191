package io.pgmosaic.operator.cluster;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.pgmosaic.api.v1alpha1.cluster.ShardState;
import io.pgmosaic.api.v1alpha1.cluster.ShardedCluster;
import io.pgmosaic.api.v1alpha1.cluster.ShardedClusterStatus;
import io.pgmosaic.api.v1alpha1.cluster.VolumePolicy;
import io.pgmosaic.operator.ClusterKey;
import io.pgmosaic.operator.desired.ClusterIntent;
import io.pgmosaic.operator.desired.DesiredObjects;
import io.pgmosaic.operator.desired.Labels;
import io.pgmosaic.operator.plan.Finding;
import io.pgmosaic.operator.plan.Reason;
import org.jboss.logging.Logger;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * Removes what Kubernetes has of shards that hold nothing any more, and forgets a shard of which nothing is left. What is there
 * is looked up each time, so that a pass goes on wherever another one has ended.
 */
final class RetiredShards {
    private static final Logger LOG = Logger.getLogger(RetiredShards.class);

    private final ClusterEffects effects;

    RetiredShards(ClusterEffects effects) {
        this.effects = effects;
    }

    /**
     * What was found.
     *
     * @param cluster as it is stored now
     * @param underWay shards that are being removed
     */
    record Removed(ShardedCluster cluster, List<Finding> underWay) {
        Removed {
            underWay = List.copyOf(underWay);
        }
    }

    /** @param findings gets the shards that are marked and needed */
    Removed remove(
            ShardedCluster cluster, ClusterIntent intent, List<Finding> findings, Context<ShardedCluster> context) {
        ShardedClusterStatus status = cluster.getStatus();
        for (ShardState shard : status.shards()) {
            if (shard.retired()) {
                Retirement.obstacle(shard, status)
                        .ifPresent(obstacle -> findings.add(new Finding(
                                Reason.RETIREMENT_REFUSED,
                                shard.name(),
                                "shard " + shard.name() + " is marked as retired and stays, since " + obstacle)));
            }
        }
        List<Finding> underWay = new ArrayList<>();
        List<ShardState> gone = Retirement.leaving(status).stream()
                .filter(shard -> isGone(shard, intent, findings, underWay))
                .toList();
        if (gone.isEmpty()) {
            return new Removed(cluster, underWay);
        }
        List<ShardState> rest =
                status.shards().stream().filter(shard -> !gone.contains(shard)).toList();
        ShardedCluster stored =
                effects.statuses.store(cluster, status.with(status.map(), rest, status.splits()), context);
        gone.forEach(shard -> effects.databases.forget(ClusterKey.of(cluster), shard.name()));
        return new Removed(stored, underWay);
    }

    private boolean isGone(ShardState shard, ClusterIntent intent, List<Finding> findings, List<Finding> underWay) {
        try {
            List<String> left = remove(shard.name(), intent);
            if (!left.isEmpty()) {
                underWay.add(new Finding(
                        Reason.REMOVING_SHARD,
                        shard.name(),
                        "shard " + shard.name() + " holds nothing any more and is being removed; there still is "
                                + String.join(", ", left)));
            }
            return left.isEmpty();
        } catch (KubernetesClientException e) {
            if (!ApiRefusal.is(e)) {
                throw e;
            }
            findings.add(ApiRefusal.finding(intent.name(), "what shard " + shard.name() + " had cannot be removed", e));
            return false;
        }
    }

    /** Has what is there deleted, and names it. */
    private List<String> remove(String shard, ClusterIntent intent) {
        KubernetesClient client = effects.client;
        List<HasMetadata> objects = DesiredObjects.ofShard(intent, shard, 0).stream()
                .map(desired -> client.resource(desired).get())
                .filter(Objects::nonNull)
                .filter(found -> isOf(intent, found))
                .toList();
        for (HasMetadata object : objects) {
            if (object.getMetadata().getDeletionTimestamp() == null) {
                LOG.infof("%s %s is deleted: the shard holds nothing any more", object.getKind(), name(object));
                client.resource(object).delete();
            }
        }
        Map<String, String> labels = Labels.selector(intent.name(), shard);
        Stream<? extends HasMetadata> pods =
                client.pods().inNamespace(intent.namespace()).withLabels(labels).list().getItems().stream();
        return Stream.of(objects.stream(), pods, claims(intent, labels))
                .flatMap(found -> found)
                .map(found -> found.getKind() + " " + name(found))
                .toList();
    }

    /** The volumes go with the StatefulSet, as it was told, or stay. */
    private Stream<? extends HasMetadata> claims(ClusterIntent intent, Map<String, String> labels) {
        return intent.spec().storage().onDelete() == VolumePolicy.DELETE
                ? effects
                        .client
                        .persistentVolumeClaims()
                        .inNamespace(intent.namespace())
                        .withLabels(labels)
                        .list()
                        .getItems()
                        .stream()
                : Stream.empty();
    }

    private static boolean isOf(ClusterIntent intent, HasMetadata found) {
        return found.getMetadata().getOwnerReferences().stream()
                .anyMatch(owner -> intent.uid().equals(owner.getUid()));
    }

    private static String name(HasMetadata object) {
        return object.getMetadata().getName();
    }
}
