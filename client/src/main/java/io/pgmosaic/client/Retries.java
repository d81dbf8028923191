package io.pgmosaic.client;

import io.pgmosaic.client.connection.Failure;
import io.pgmosaic.client.topology.Topology;
import io.pgmosaic.client.topology.TopologyKeeper;
import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Does things again after the failures of {@link Failure} that another server or a newer map can cure, each time with what the
 * router says by then.
 */
final class Retries {
    private static final System.Logger LOG = System.getLogger(Retries.class.getName());
    private static final long FIRST_PAUSE_NANOS = Duration.ofMillis(10).toNanos();
    private static final long LONGEST_PAUSE_NANOS = Duration.ofMillis(500).toNanos();
    /**
     * Keys change hands in a fraction of a second, writes of them wait for it, and a refusal is cheap: so whoever is refused asks again
     * soon. A server that is away is asked ever less often.
     */
    private static final long LONGEST_PAUSE_OF_A_REFUSAL_NANOS =
            Duration.ofMillis(50).toNanos();

    /** With the very map that the shard has, a refusal says that the work uses another key than it was given. */
    private static final int MOST_REFUSALS_OF_THE_SAME_MAP = 6;

    private static final Pattern MAP_VERSION = Pattern.compile("map version ([0-9]{1,18})");

    private final TopologyKeeper topologies;
    private final Duration limit;

    Retries(TopologyKeeper topologies, Duration limit) {
        this.topologies = topologies;
        this.limit = limit;
    }

    /** One try. What it does must have no effect when it fails with something that is tried again. */
    @FunctionalInterface
    interface Attempt<T extends @Nullable Object> {
        T once(Topology topology) throws SQLException;
    }

    <T extends @Nullable Object> T run(Attempt<T> attempt) throws SQLException {
        return run(attempt, limit);
    }

    /** Once more at once, after a failure of those. */
    <T extends @Nullable Object> T twice(Attempt<T> attempt) throws SQLException {
        try {
            return attempt.once(topology());
        } catch (SQLException | RuntimeException e) {
            if (Failure.of(e) == Failure.OTHER) {
                throw e;
            }
            refresh();
            return attempt.once(topology());
        }
    }

    /** @param during how long to begin again, instead of as long as it is by default */
    <T extends @Nullable Object> T run(Attempt<T> attempt, Duration during) throws SQLException {
        long deadline = System.nanoTime() + during.toNanos();
        int refusals = 0;
        for (int tries = 1; ; tries++) {
            @Nullable Topology topology = null;
            try {
                topology = topology();
                return attempt.once(topology);
            } catch (SQLException | RuntimeException e) {
                Failure failure = Failure.of(e);
                if (failure == Failure.OTHER) {
                    throw e;
                }
                boolean isOfPresentMap = topology != null && isOfMap(e, topology);
                if (failure == Failure.NOT_OWNED && isOfPresentMap) {
                    refusals++;
                    if (refusals == MOST_REFUSALS_OF_THE_SAME_MAP) {
                        throw new SQLException(
                                "the shard of the key that the work was given for refuses another key that the work uses",
                                "MO001",
                                e);
                    }
                }
                Duration least = e instanceof KeyLimitedException limited ? limited.retryAfter() : Duration.ZERO;
                long longest = failure == Failure.NOT_OWNED && !isOfPresentMap
                        ? LONGEST_PAUSE_OF_A_REFUSAL_NANOS
                        : LONGEST_PAUSE_NANOS;
                if (!pause(least, longest, tries, deadline)) {
                    throw e;
                }
            }
            refresh();
        }
    }

    private Topology topology() throws SQLException {
        try {
            return topologies.current();
        } catch (IOException e) {
            throw new SQLTransientConnectionException(String.valueOf(e.getMessage()), "08001", e);
        }
    }

    /** What is known goes on to be used when the router does not answer: it is usually right. */
    private void refresh() {
        try {
            topologies.refresh();
        } catch (IOException e) {
            LOG.log(System.Logger.Level.DEBUG, "the router does not tell what is new", e);
        }
    }

    /** Whether the shard that refused has the map by which it was chosen, or one that this process has gone beyond. */
    private static boolean isOfMap(Throwable refusal, Topology topology) {
        for (@Nullable Throwable cause = refusal; cause != null; cause = cause.getCause()) {
            Matcher version = MAP_VERSION.matcher(String.valueOf(cause.getMessage()));
            if (version.find()) {
                return Long.parseLong(version.group(1)) == topology.rules().version();
            }
        }
        return false;
    }

    /** Waits {@code least} and a random time, longer after each try; false when the deadline is over before. */
    private static boolean pause(Duration least, long most, int tries, long deadline) throws SQLException {
        long longest = Math.min(most, FIRST_PAUSE_NANOS << Math.min(tries - 1, 10));
        long until = System.nanoTime()
                + least.toNanos()
                + ThreadLocalRandom.current().nextLong(longest + 1);
        if (until - deadline >= 0) {
            return false;
        }
        for (long left = until - System.nanoTime(); left > 0; left = until - System.nanoTime()) {
            if (Thread.currentThread().isInterrupted()) {
                throw new SQLException("interrupted before the work was tried again", "57014");
            }
            LockSupport.parkNanos(left);
        }
        return true;
    }
}
