package io.pgmosaic.operator.upkeep;

import io.pgmosaic.operator.ClusterKey;
import org.jboss.logging.Logger;

import java.sql.SQLException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;

/** Looks at many shards at a time, and at none twice at once: one that hangs or fails holds up no other. */
public final class ShardRounds implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(ShardRounds.class);

    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final String what;
    private final Semaphore places;
    private final Set<Place> underWay = ConcurrentHashMap.newKeySet();
    private final Set<Place> failing = ConcurrentHashMap.newKeySet();

    /** A shard, by all its names. */
    public record Place(ClusterKey cluster, String shard) {
        @Override
        public String toString() {
            return "shard " + shard + " of " + cluster;
        }
    }

    /** What is done at a shard; it ends by itself, however the shard behaves. */
    public interface Look {
        void look() throws SQLException;
    }

    /**
     * @param what they are looked at for, as a log calls it
     * @param atOnce how many shards are looked at
     */
    ShardRounds(String what, int atOnce) {
        this.what = what;
        places = new Semaphore(atOnce);
    }

    /** Does not block. Nothing happens while an earlier look at the shard goes on. */
    public void begin(Place place, Look look) {
        if (underWay.add(place)) {
            threads.execute(() -> {
                try {
                    look(place, look);
                } finally {
                    underWay.remove(place);
                }
            });
        }
    }

    boolean isUnderWay(Place place) {
        return underWay.contains(place);
    }

    private void look(Place place, Look look) {
        try {
            places.acquire();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return;
        }
        try {
            look.look();
            if (failing.remove(place)) {
                LOG.infof("%s of %s can be looked at again", what, place);
            }
        } catch (SQLException | RuntimeException e) {
            // A shard that is down is said once, and not every time.
            if (failing.add(place)) {
                LOG.warnf("%s of %s cannot be looked at; it is tried again: %s", what, place, e);
            } else {
                LOG.debugf("%s of %s cannot be looked at: %s", what, place, e);
            }
        } finally {
            places.release();
        }
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
