package io.pgmosaic.operator.leadership;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.api.reconciler.Ignore;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.pgmosaic.api.v1alpha1.cluster.ShardedCluster;
import io.pgmosaic.operator.ClusterKey;
import io.pgmosaic.operator.cluster.ShardedClusterReconciler;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/**
 * Lets passes over clusters begin only while this operator leads. The first one over a cluster waits until the watch's cache
 * has what the API server has, which the last leader may have written just before: whoever leads must not act on, nor confirm, a
 * term that is over. It is registered by hand, which is what {@link Ignore} says.
 */
@Ignore
public final class LedReconciler implements Reconciler<ShardedCluster> {
    private static final Duration SOON = Duration.ofMillis(50);

    private final ShardedClusterReconciler passes;
    private final Leadership leadership;
    private final KubernetesClient client;
    private final Consumer<ClusterKey> afterwards;

    /** By UID, the time of leading in which the cache was last seen to be current. */
    private final Map<String, Long> current = new ConcurrentHashMap<>();

    /**
     * @param passes what is done while leading
     * @param afterwards forgets what only the leader may tell of a cluster
     */
    public LedReconciler(
            ShardedClusterReconciler passes,
            Leadership leadership,
            KubernetesClient client,
            Consumer<ClusterKey> afterwards) {
        this.passes = passes;
        this.leadership = leadership;
        this.client = client;
        this.afterwards = afterwards;
    }

    @Override
    public UpdateControl<ShardedCluster> reconcile(ShardedCluster cluster, Context<ShardedCluster> context) {
        UpdateControl<ShardedCluster> done = leadership
                .whileLeading(() -> isCurrent(cluster)
                        ? passes.reconcile(cluster, context)
                        : UpdateControl.<ShardedCluster>noUpdate().rescheduleAfter(SOON))
                .orElseGet(UpdateControl::noUpdate);
        if (!leadership.leads()) {
            afterwards.accept(ClusterKey.of(cluster));
        }
        return done;
    }

    private boolean isCurrent(ShardedCluster cached) {
        long reign = leadership.reign();
        String uid = cached.getMetadata().getUid();
        if (Long.valueOf(reign).equals(current.get(uid))) {
            return true;
        }
        ShardedCluster stored = client.resource(cached).get();
        boolean same = stored != null
                && stored.getMetadata()
                        .getResourceVersion()
                        .equals(cached.getMetadata().getResourceVersion());
        if (same) {
            current.put(uid, reign);
        }
        return same;
    }

    @Override
    public List<EventSource<?, ShardedCluster>> prepareEventSources(EventSourceContext<ShardedCluster> context) {
        return passes.prepareEventSources(context);
    }
}
