package io.pgmosaic.operator.observe;

import io.pgmosaic.operator.ClusterKey;
import io.pgmosaic.operator.instance.InstanceClient;
import io.pgmosaic.operator.instance.InstanceEndpoint;
import io.pgmosaic.operator.instance.InstanceUnreachableException;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Asks every known instance for its status about once a second, more often while it is about to change, and tells
 * listeners of significant changes. Directly, not through the kubelet, so that nothing waits for node time-outs.
 */
public final class InstanceObserver implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(InstanceObserver.class);
    private static final Duration SETTLED_INTERVAL = Duration.ofSeconds(1);
    private static final Duration UNSETTLED_INTERVAL = Duration.ofMillis(200);

    private final InstanceClient client;
    private final Clock clock;
    private final Map<InstanceKey, Target> targets = new ConcurrentHashMap<>();
    private final CopyOnWriteArrayList<Consumer<ClusterKey>> listeners = new CopyOnWriteArrayList<>();
    private final ExecutorService askers = Executors.newVirtualThreadPerTaskExecutor();

    public InstanceObserver(InstanceClient client, Clock clock) {
        this.client = client;
        this.clock = clock;
    }

    private static final class Target {
        final InstanceEndpoint endpoint;
        volatile Observation observation;
        volatile boolean watched = true;

        Target(InstanceEndpoint endpoint, Observation observation) {
            this.endpoint = endpoint;
            this.observation = observation;
        }
    }

    /** Called with a cluster whenever one of its instances changed significantly; must return quickly. */
    public void addListener(Consumer<ClusterKey> listener) {
        listeners.add(listener);
    }

    /** Begins to ask the instance, or goes on at its new address. What was seen before is kept. */
    public void watch(InstanceEndpoint endpoint) {
        InstanceKey key = new InstanceKey(endpoint.cluster(), endpoint.instance());
        Target current = targets.get(key);
        if (current != null && current.endpoint.equals(endpoint)) {
            return;
        }
        Target target = new Target(endpoint, current == null ? Observation.NONE : current.observation);
        targets.put(key, target);
        if (current != null) {
            current.watched = false;
        }
        ask(target);
    }

    /** Stops asking the instance and forgets what was seen. */
    public void unwatch(InstanceKey key) {
        Target target = targets.remove(key);
        if (target != null) {
            target.watched = false;
            tell(key.cluster());
        }
    }

    /** The last that was seen; null for an instance that is not watched. */
    public @Nullable Observation observation(InstanceKey key) {
        Target target = targets.get(key);
        return target == null ? null : target.observation;
    }

    /** Where the instance is; null for one that is not watched. */
    public @Nullable InstanceEndpoint endpoint(InstanceKey key) {
        Target target = targets.get(key);
        return target == null ? null : target.endpoint;
    }

    /** Asks the instance at once, besides the regular times: something was done to it. */
    public void lookAgain(InstanceKey key) {
        Target target = targets.get(key);
        if (target != null && !askers.isShutdown()) {
            askers.execute(() -> look(target));
        }
    }

    private void ask(Target target) {
        if (target.watched && !askers.isShutdown()) {
            askers.execute(() -> askNow(target));
        }
    }

    private void askNow(Target target) {
        if (!target.watched) {
            return;
        }
        look(target);
        Duration interval = Significant.of(target.observation).isUnsettled() ? UNSETTLED_INTERVAL : SETTLED_INTERVAL;
        CompletableFuture.delayedExecutor(interval.toMillis(), TimeUnit.MILLISECONDS, askers)
                .execute(() -> askNow(target));
    }

    private void look(Target target) {
        Observation before = target.observation;
        Observation after;
        try {
            after = new Observation(client.status(target.endpoint), clock.instant(), null);
        } catch (InstanceUnreachableException e) {
            after = new Observation(before.status(), before.answeredAt(), e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return;
        } catch (RuntimeException e) {
            LOG.errorf(e, "asking %s failed unexpectedly", target.endpoint.instance());
            after = new Observation(before.status(), before.answeredAt(), e.toString());
        }
        if (!target.watched) {
            return;
        }
        target.observation = after;
        if (!Significant.of(after).equals(Significant.of(before))) {
            tell(target.endpoint.cluster());
        }
    }

    private void tell(ClusterKey cluster) {
        for (Consumer<ClusterKey> listener : listeners) {
            try {
                listener.accept(cluster);
            } catch (RuntimeException e) {
                // Its failure must not end the questions to the instance.
                LOG.errorf(e, "a listener could not be told of a change in %s", cluster);
            }
        }
    }

    @Override
    public void close() {
        askers.shutdownNow();
    }
}
