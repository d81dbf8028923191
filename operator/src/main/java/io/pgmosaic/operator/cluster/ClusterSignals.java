package io.pgmosaic.operator.cluster;

import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.inbound.SimpleInboundEventSource;
import io.pgmosaic.api.v1alpha1.cluster.ShardedCluster;
import io.pgmosaic.operator.ClusterKey;

/** Lets whoever has news of a cluster call for a pass over it. Calls before the controller runs are dropped. */
public final class ClusterSignals {
    private final SimpleInboundEventSource<ShardedCluster> source = new SimpleInboundEventSource<>("signals");

    SimpleInboundEventSource<ShardedCluster> eventSource() {
        return source;
    }

    /** Calls for a pass; returns at once. */
    public void callFor(ClusterKey cluster) {
        source.propagateEvent(new ResourceID(cluster.name(), cluster.namespace()));
    }
}
