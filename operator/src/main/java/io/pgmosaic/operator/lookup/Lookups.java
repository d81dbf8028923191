package io.pgmosaic.operator.lookup;

import io.pgmosaic.api.v1alpha1.cluster.ShardedCluster;
import io.pgmosaic.api.v1alpha1.cluster.ShardedClusterSpec;
import io.pgmosaic.maps.ClusterMap;
import io.pgmosaic.maps.RecordedMap;
import io.pgmosaic.operator.ClusterKey;
import io.pgmosaic.operator.cluster.AcceptedSpecs;
import io.pgmosaic.operator.cluster.ShardLogins;
import io.pgmosaic.operator.observe.ClusterWatch;
import io.pgmosaic.operator.upkeep.PrimarySessions;
import io.pgmosaic.operator.upkeep.ShardRounds;
import org.jboss.logging.Logger;

import java.sql.SQLException;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;

/** Ends reservations that are over, in all clusters. */
public final class Lookups {
    private static final Logger LOG = Logger.getLogger(Lookups.class);

    /** Of a shard in one look, in which others wait for their turn. */
    private static final int MOST_BATCHES = 100;

    private final ClusterWatch watch;
    private final AcceptedSpecs acceptedSpecs;
    private final ShardLogins logins;

    public Lookups(ClusterWatch watch, AcceptedSpecs acceptedSpecs, ShardLogins logins) {
        this.watch = watch;
        this.acceptedSpecs = acceptedSpecs;
        this.logins = logins;
    }

    /** Has every shard be looked at whose cluster has lookup indexes. Does not wait for it. */
    public void finish(BooleanSupplier leads, ShardRounds rounds) {
        for (ShardedCluster cluster : watch.clusters()) {
            try {
                Optional<ShardedClusterSpec> spec = acceptedSpecs.accepted(cluster);
                if (spec.isPresent() && leads.getAsBoolean()) {
                    finish(cluster, spec.get(), leads, rounds);
                }
            } catch (RuntimeException e) {
                LOG.warnf(
                        "the lookup entries of %s cannot be looked at; it is tried again: %s",
                        ClusterKey.of(cluster), e);
            }
        }
    }

    private void finish(ShardedCluster cluster, ShardedClusterSpec spec, BooleanSupplier leads, ShardRounds rounds) {
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
        Set<String> shards = Set.copyOf(RecordedMap.shards(cluster.getStatus().map()));
        Reservations reservations = new Reservations(new PrimarySessions(logins, cluster, spec), indexes.get(), shards);
        for (String shard : shards) {
            ShardRounds.Place place = new ShardRounds.Place(ClusterKey.of(cluster), shard);
            rounds.begin(place, () -> finish(reservations, place, leads));
        }
    }

    /** Until there is little left; what a look leaves is for the next. */
    static void finish(Reservations reservations, ShardRounds.Place place, BooleanSupplier leads) throws SQLException {
        int released = 0;
        int unused = 0;
        for (int batch = 0; batch < MOST_BATCHES && leads.getAsBoolean(); batch++) {
            int more = reservations.release(place.shard());
            released += more;
            Reservations.Settled settled = reservations.settle(place.shard(), Reservations.UNUSED_AFTER);
            unused += settled.removed();
            if (more < Reservations.AT_ONCE && settled.ended() < Reservations.AT_ONCE) {
                break;
            }
        }
        if (released + unused > 0) {
            LOG.infof(
                    "lookup indexes at %s: %d values are free whose rows are gone, and %d that were reserved and not used",
                    place, released, unused);
        }
    }
}
