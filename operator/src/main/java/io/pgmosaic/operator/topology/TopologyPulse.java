package io.pgmosaic.operator.topology;

import io.pgmosaic.operator.ClusterKey;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Has the topology of every cluster built anew about once a second: log positions and lags move all the time, and nobody is
 * told when they do.
 */
public final class TopologyPulse implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(TopologyPulse.class);
    private static final long PERIOD_MILLIS = 1_000;

    private final Supplier<List<ClusterKey>> clusters;
    private final Consumer<ClusterKey> refresh;
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("topology-pulse").daemon().factory());
    private @Nullable ScheduledFuture<?> beating;

    public TopologyPulse(Supplier<List<ClusterKey>> clusters, Consumer<ClusterKey> refresh) {
        this.clusters = clusters;
        this.refresh = refresh;
    }

    /** Begins. A round that takes long delays the next one. */
    public void start() {
        beating = thread.scheduleWithFixedDelay(this::beat, PERIOD_MILLIS, PERIOD_MILLIS, TimeUnit.MILLISECONDS);
    }

    /** One cluster that cannot be told of must not keep the others from it. */
    void beat() {
        for (ClusterKey cluster : clusters.get()) {
            try {
                refresh.accept(cluster);
            } catch (RuntimeException e) {
                LOG.errorf(e, "the topology of %s could not be built", cluster);
            }
        }
    }

    @Override
    public void close() {
        if (beating != null) {
            beating.cancel(true);
        }
        thread.shutdownNow();
    }
}
