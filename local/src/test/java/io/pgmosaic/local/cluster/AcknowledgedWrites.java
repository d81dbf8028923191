package io.pgmosaic.local.cluster;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.locks.LockSupport;
import java.util.logging.Level;
import java.util.logging.Logger;

/** One client that inserts numbers all the time, wherever the primary is, and remembers those that were acknowledged. */
final class AcknowledgedWrites implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(AcknowledgedWrites.class.getName());
    private static final Duration PAUSE = Duration.ofMillis(20);
    private static final int PATIENCE_MILLIS = 2_000;

    private final TestCluster cluster;
    private final Set<Long> acknowledged = new ConcurrentSkipListSet<>();
    private final Thread writer = Thread.ofVirtual().name("writer").unstarted(this::write);
    private volatile boolean ended;

    private AcknowledgedWrites(TestCluster cluster) {
        this.cluster = cluster;
    }

    /** Creates the table and begins. */
    static AcknowledgedWrites begin(TestCluster cluster) throws SQLException {
        try (Connection application = cluster.application()) {
            TestCluster.run(application, "CREATE TABLE IF NOT EXISTS written (id bigint PRIMARY KEY)");
        }
        AcknowledgedWrites writes = new AcknowledgedWrites(cluster);
        writes.writer.start();
        return writes;
    }

    /** How many were acknowledged. */
    int count() {
        return acknowledged.size();
    }

    /** What was acknowledged and is not there. */
    Set<Long> missing() throws SQLException {
        Set<Long> missing = new TreeSet<>(acknowledged);
        try (Connection application = cluster.application();
                Statement statement = application.createStatement();
                ResultSet rows = statement.executeQuery("SELECT id FROM written")) {
            while (rows.next()) {
                missing.remove(rows.getLong(1));
            }
        }
        return missing;
    }

    private void write() {
        long next = 1;
        while (!ended) {
            try (Connection application = cluster.application()) {
                // A client that has waited long enough hangs up; cancelling a commit would make it visible on one
                // server.
                application.setNetworkTimeout(Runnable::run, PATIENCE_MILLIS);
                try (PreparedStatement insert = application.prepareStatement("INSERT INTO written VALUES (?)")) {
                    while (!ended) {
                        long id = next++;
                        insert.setLong(1, id);
                        insert.executeUpdate();
                        acknowledged.add(id);
                        LockSupport.parkNanos(PAUSE.toNanos());
                    }
                }
            } catch (SQLException | RuntimeException e) {
                LOG.log(Level.FINE, "the writer looks for the primary again", e);
                LockSupport.parkNanos(PAUSE.toNanos());
            }
        }
    }

    @Override
    public void close() {
        ended = true;
        try {
            writer.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
