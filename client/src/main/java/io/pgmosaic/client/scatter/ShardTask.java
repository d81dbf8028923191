package io.pgmosaic.client.scatter;

import org.jspecify.annotations.Nullable;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;

/** The work on one shard, which can be ended from outside at any time. */
final class ShardTask {
    private static final System.Logger LOG = System.getLogger(ShardTask.class.getName());
    private static final Duration CANCEL_PATIENCE = Duration.ofSeconds(1);

    private final AtomicReference<@Nullable CancellableConnection> current = new AtomicReference<>();
    private volatile boolean ended;
    private volatile @Nullable Thread thread;

    /** Does the work on a connection, which is given back. */
    <T extends @Nullable Object> T run(String shard, Connection connection, ShardWork<T> work) throws SQLException {
        CancellableConnection cancellable = new CancellableConnection(connection);
        current.set(cancellable);
        try {
            if (ended) {
                throw new SQLException("the query over shards has ended", "57014");
            }
            return work.run(shard, cancellable.forWork());
        } finally {
            current.set(null);
            cancellable.release();
        }
    }

    /** Runs in this thread from now on. */
    void in(Thread own) {
        thread = own;
    }

    /** Ends what runs, in the background: first by asking the server, then by hanging up. */
    void end() {
        ended = true;
        Thread.ofVirtual().name("pgmosaic-cancel").start(this::endNow);
    }

    private void endNow() {
        @Nullable CancellableConnection running = current.get();
        if (running != null) {
            cancel(running);
            try {
                running.abort();
            } catch (SQLException e) {
                LOG.log(System.Logger.Level.DEBUG, "a connection cannot be aborted", e);
            }
        }
        @Nullable Thread own = thread;
        if (own != null) {
            own.interrupt();
        }
    }

    /** A server that hangs does not listen to this either. */
    private static void cancel(CancellableConnection running) {
        Thread asking = Thread.ofVirtual().start(() -> {
            try {
                running.cancel();
            } catch (SQLException e) {
                LOG.log(System.Logger.Level.DEBUG, "a statement cannot be cancelled", e);
            }
        });
        try {
            if (!asking.join(CANCEL_PATIENCE)) {
                asking.interrupt();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
