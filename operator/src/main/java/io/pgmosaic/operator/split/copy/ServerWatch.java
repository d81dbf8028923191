package io.pgmosaic.operator.split.copy;

import io.pgmosaic.operator.split.ShardDatabase;
import org.jspecify.annotations.Nullable;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * Ends sessions that would wait for a server for ever. What they do may take hours without a word, so it is not they that tell whether
 * the server lives: every few seconds another session is opened, and when that fails for long enough, or the server is no longer the
 * primary in its term, what waits gets an error.
 */
public final class ServerWatch implements AutoCloseable {
    private static final Duration EVERY = Duration.ofSeconds(3);
    private static final long CANCEL_MILLIS = 200;
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    /** Whether the server is there, as what it was. */
    interface Probe {
        void ask() throws SQLException;
    }

    private final Probe probe;
    private final Duration patience;
    private final Set<Connection> watched = ConcurrentHashMap.newKeySet();
    private final ScheduledExecutorService thread = Executors.newScheduledThreadPool(
            2, Thread.ofVirtual().name("server-watch").factory());
    private long lastSeen = System.nanoTime();
    private volatile @Nullable SQLException lost;

    ServerWatch(Probe probe, Duration every, Duration patience) {
        this.probe = probe;
        this.patience = patience;
        ScheduledFuture<?> unused =
                thread.scheduleWithFixedDelay(this::look, every.toMillis(), every.toMillis(), TimeUnit.MILLISECONDS);
    }

    public static ServerWatch over(ShardDatabase database) {
        return new ServerWatch(
                () -> {
                    try (Connection session = database.asSuperuser()) {
                        session.isValid(3);
                    }
                },
                EVERY,
                PATIENCE);
    }

    /** The same, and ends all sessions when it is told to. */
    public static ServerWatch over(ShardDatabase database, BooleanSupplier isCancelled) {
        ServerWatch watch = over(database);
        ScheduledFuture<?> unused = watch.thread.scheduleWithFixedDelay(
                () -> {
                    if (isCancelled.getAsBoolean()) {
                        watch.abortAll();
                    }
                },
                CANCEL_MILLIS,
                CANCEL_MILLIS,
                TimeUnit.MILLISECONDS);
        return watch;
    }

    /** The same session, which is aborted when the server is lost. */
    public Connection watched(Connection session) throws SQLException {
        watched.add(session);
        if (lost != null) {
            abort(session);
        }
        return session;
    }

    /** Ends all of them now. */
    public void abortAll() {
        for (Connection session : watched) {
            try {
                abort(session);
            } catch (SQLException e) {
                lost = e;
            }
        }
    }

    private void look() {
        try {
            probe.ask();
            lastSeen = System.nanoTime();
        } catch (SQLException e) {
            if (System.nanoTime() - lastSeen > patience.toNanos()) {
                lost = e;
                abortAll();
            }
        }
    }

    private static void abort(Connection session) throws SQLException {
        session.abort(Runnable::run);
    }

    @Override
    public void close() {
        thread.shutdownNow();
        watched.clear();
    }
}
