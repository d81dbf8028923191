package io.pgmosaic.operator.topology;

import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.client.KubernetesClient;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.function.Function;
import java.util.function.LongSupplier;

/**
 * In which zones nodes are, as their labels say. A node's zone hardly ever changes, so one question for each node every ten
 * minutes does instead of a watch of all nodes, whose status changes all the time. Thread-safe.
 */
public final class NodeZones {
    private static final Logger LOG = Logger.getLogger(NodeZones.class);
    private static final long BELIEVED_NANOS = Duration.ofMinutes(10).toNanos();
    private static final long RETRY_NANOS = Duration.ofMinutes(1).toNanos();
    /** A node that nobody asked about for so long is taken for one that has no instances any more. */
    private static final long KEPT_NANOS = Duration.ofHours(1).toNanos();

    private final Function<String, @Nullable String> api;
    private final Executor executor;
    private final LongSupplier nanos;
    private volatile boolean failing;
    private final Map<String, Known> known = new ConcurrentHashMap<>();

    /**
     * @param zone null when the node has none, does not exist or was not asked for yet
     * @param dueAt when it is to be asked for again, by {@link System#nanoTime}
     */
    private record Known(@Nullable String zone, long dueAt) {}

    /**
     * @param api the zone of a node, or null; asked on {@code executor}
     * @param nanos as {@link System#nanoTime}
     */
    NodeZones(Function<String, @Nullable String> api, Executor executor, LongSupplier nanos) {
        this.api = api;
        this.executor = executor;
        this.nanos = nanos;
    }

    public static NodeZones asking(KubernetesClient client) {
        return new NodeZones(node -> zone(client, node), Thread::startVirtualThread, System::nanoTime);
    }

    private static @Nullable String zone(KubernetesClient client, String node) {
        Node found = client.nodes().withName(node).get();
        return found == null ? null : Zones.label(found.getMetadata().getLabels());
    }

    /** What is known now; whoever asks again after a moment learns what was found out meanwhile. */
    @Nullable
    String of(String node) {
        long now = nanos.getAsLong();
        Known found = known.get(node);
        if (found == null || now - found.dueAt() >= 0) {
            String zone = found == null ? null : found.zone();
            Known asked = new Known(zone, now + BELIEVED_NANOS);
            boolean mine = found == null ? known.putIfAbsent(node, asked) == null : known.replace(node, found, asked);
            if (mine) {
                known.values().removeIf(other -> now - other.dueAt() > KEPT_NANOS);
                executor.execute(() -> learn(node, asked));
            }
            return zone;
        }
        return found.zone();
    }

    /** When the question fails, what was known before stays. */
    private void learn(String node, Known asked) {
        try {
            known.replace(node, asked, new Known(api.apply(node), asked.dueAt()));
            failing = false;
        } catch (RuntimeException e) {
            if (!failing) {
                LOG.warnf(e, "in which zone node %s is cannot be read", node);
            }
            failing = true;
            known.replace(node, asked, new Known(asked.zone(), nanos.getAsLong() + RETRY_NANOS));
        }
    }
}
