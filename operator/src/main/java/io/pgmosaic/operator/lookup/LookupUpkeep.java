package io.pgmosaic.operator.lookup;

import io.pgmosaic.api.v1alpha1.cluster.ShardState;
import io.pgmosaic.api.v1alpha1.cluster.ShardedCluster;
import io.pgmosaic.api.v1alpha1.cluster.ShardedClusterSpec;
import io.pgmosaic.maps.ClusterMap;
import io.pgmosaic.maps.RecordedMap;
import io.pgmosaic.operator.cluster.AcceptedSpecs;
import io.pgmosaic.operator.cluster.ShardLogins;
import io.pgmosaic.operator.directory.PrimarySessions;
import io.pgmosaic.operator.observe.ClusterWatch;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

import java.sql.SQLException;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;

/** Looks now and then, while this replica leads, for reservations that are over, in all clusters. */
public final class LookupUpkeep implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(LookupUpkeep.class);
    private static final long EVERY_SECONDS = 10;

    private final ClusterWatch watch;
    private final AcceptedSpecs acceptedSpecs;
    private final ShardLogins logins;
    private final BooleanSupplier leads;
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("lookups").daemon().factory());

    private @Nullable ScheduledFuture<?> looks;

    public LookupUpkeep(ClusterWatch watch, AcceptedSpecs acceptedSpecs, ShardLogins logins, BooleanSupplier leads) {
        this.watch = watch;
        this.acceptedSpecs = acceptedSpecs;
        this.logins = logins;
        this.leads = leads;
    }

    public void start() {
        looks = thread.scheduleWithFixedDelay(this::look, EVERY_SECONDS, EVERY_SECONDS, TimeUnit.SECONDS);
    }

    private void look() {
        for (ShardedCluster cluster : watch.clusters()) {
            try {
                Optional<ShardedClusterSpec> spec = acceptedSpecs.accepted(cluster);
                if (spec.isPresent() && leads.getAsBoolean()) {
                    look(cluster, spec.get());
                }
            } catch (RuntimeException e) {
                LOG.warnf(
                        e,
                        "the lookup indexes of cluster %s could not be looked at; it is tried again",
                        cluster.getMetadata().getName());
            }
        }
    }

    private void look(ShardedCluster cluster, ShardedClusterSpec spec) {
        if (cluster.getStatus() == null
                || cluster.getStatus().map() == null
                || !RecordedMap.hasGroupsOf(cluster.getStatus().map(), spec.sharding())) {
            return;
        }
        Optional<Indexes> indexes =
                Indexes.of(ClusterMap.compile(cluster.getStatus().map(), spec.sharding()));
        if (indexes.isEmpty()) {
            return;
        }
        Set<String> shards =
                cluster.getStatus().shards().stream().map(ShardState::name).collect(Collectors.toSet());
        Reservations reservations = new Reservations(new PrimarySessions(logins, cluster, spec), indexes.get(), shards);
        for (String shard : shards) {
            try {
                int released = reservations.release(shard);
                int unused = reservations.settle(shard, Reservations.UNUSED_AFTER);
                if (released + unused > 0) {
                    LOG.infof(
                            "lookup indexes of cluster %s: %d values of rows of shard %s that are gone are free, and %d"
                                    + " reservations there that nobody used",
                            cluster.getMetadata().getName(), released, shard, unused);
                }
            } catch (SQLException e) {
                LOG.debugf("the lookup entries of shard %s cannot be looked at: %s", shard, e.getMessage());
            }
        }
    }

    @Override
    public void close() {
        if (looks != null) {
            looks.cancel(true);
        }
        thread.shutdownNow();
    }
}
