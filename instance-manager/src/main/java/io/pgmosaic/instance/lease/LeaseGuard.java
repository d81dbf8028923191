package io.pgmosaic.instance.lease;

import io.pgmosaic.instance.postgres.Postmaster;
import io.pgmosaic.protocol.instance.PostgresState.ServerState;
import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;

/**
 * Stops PostgreSQL when its lease is over, by itself and without waiting for what else is under way. It looks every 100 ms
 * and at the lease's end, so a manager that was stopped together with PostgreSQL finds out first when it goes on. It also
 * tells when a server that was starting takes connections, which nothing else announces.
 */
public final class LeaseGuard {
    private static final System.Logger LOG = System.getLogger(LeaseGuard.class.getName());
    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
    private static final long STARTING_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    private final Lease lease;
    private final Postmaster postmaster;
    private final LongSupplier clock;
    private final Runnable changed;
    private final Thread thread;
    private ServerState seen = ServerState.STOPPED;
    private volatile @Nullable String stoppedBecause;

    /**
     * @param clock monotonic nanoseconds
     * @param changed done when PostgreSQL took connections, ended, or was stopped here
     */
    public LeaseGuard(Lease lease, Postmaster postmaster, LongSupplier clock, Runnable changed) {
        this.lease = lease;
        this.postmaster = postmaster;
        this.clock = clock;
        this.changed = changed;
        this.thread = Thread.ofPlatform().daemon().name("lease").unstarted(this::run);
    }

    public void start() {
        thread.start();
    }

    /** Looks now: something was said that may have ended the lease. */
    public void wake() {
        LockSupport.unpark(thread);
    }

    /** Why it stopped PostgreSQL, for a person; null when it did not, or PostgreSQL was started since. */
    public @Nullable String reason() {
        return stoppedBecause;
    }

    private void run() {
        while (!Thread.currentThread().isInterrupted()) {
            try {
                look();
            } catch (IOException | RuntimeException e) {
                // Nothing may end this thread: it tries again at the next look.
                LOG.log(System.Logger.Level.ERROR, "cannot look after the lease", e);
            } catch (InterruptedException e) {
                return;
            }
            long pause = seen == ServerState.STARTING ? STARTING_NANOS : LOOK_NANOS;
            long remaining = lease.remaining(clock.getAsLong());
            LockSupport.parkNanos(remaining == 0 ? pause : Math.min(pause, remaining));
        }
    }

    private void look() throws IOException, InterruptedException {
        String end = lease.end(clock.getAsLong());
        if (end == null) {
            stoppedBecause = null;
        } else if (postmaster.alive()) {
            if (stoppedBecause == null) {
                LOG.log(System.Logger.Level.ERROR, "PostgreSQL is stopped at once: {0}", end);
            }
            stoppedBecause = "stopped itself: " + end;
            postmaster.stopNow(() -> lease.remaining(clock.getAsLong()) == 0);
        }
        ServerState state = seen == ServerState.RUNNING && postmaster.alive() ? seen : postmaster.state();
        if (state != seen) {
            seen = state;
            changed.run();
        }
    }
}
