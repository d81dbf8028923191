package io.pgmosaic.operator.topology;

import io.fabric8.kubernetes.api.model.Pod;
import org.jspecify.annotations.Nullable;

import java.util.Map;

/** In which zone a pod runs. */
public final class Zones {
    /** Well known to Kubernetes: on nodes, and from 1.35 on the pods that run there. */
    static final String LABEL = "topology.kubernetes.io/zone";

    private final @Nullable NodeZones nodes;

    /** @param nodes null when nodes may not be asked for */
    public Zones(@Nullable NodeZones nodes) {
        this.nodes = nodes;
    }

    /** Returns at once; null while the zone is unknown. */
    @Nullable
    String of(Pod pod) {
        String told = label(pod.getMetadata().getLabels());
        String node = pod.getSpec() == null ? null : pod.getSpec().getNodeName();
        return told != null || nodes == null || node == null || node.isEmpty() ? told : nodes.of(node);
    }

    static @Nullable String label(@Nullable Map<String, String> labels) {
        String zone = labels == null ? null : labels.get(LABEL);
        return zone == null || zone.isEmpty() ? null : zone;
    }
}
