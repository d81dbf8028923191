package io.pgmosaic.router.consistency;

import java.util.concurrent.TimeUnit;

/**
 * How many reads this router has sent to a replica lately, each counting half as much after every second, and how long statements
 * took there, as far as clients report it. Thread-safe.
 */
public final class Load {
    private static final double SECOND = 1e9;
    /** What was reported longer ago says nothing of now. */
    private static final long BELIEVED_NANOS = TimeUnit.SECONDS.toNanos(10);
    /** How much a new report weighs beside those before. */
    private static final double NEW = 0.2;

    private double reads;
    private long countedAt;
    private double duration = Double.NaN;
    private long reportedAt;

    /** @param now by {@link System#nanoTime} */
    public synchronized void add(long now) {
        reads = faded(now) + 1;
        countedAt = now;
    }

    /**
     * A client reports how long a statement took on the replica.
     *
     * @param now by {@link System#nanoTime}
     */
    public synchronized void took(long nanos, long now) {
        double before = duration(now);
        duration = Double.isNaN(before) ? nanos : before + NEW * (nanos - before);
        reportedAt = now;
    }

    /** Whether there is less to wait for here: fewer reads, or, where clients report of both, less time for them in all. */
    static boolean isLess(Load one, Load other, long now) {
        double reads = one.at(now);
        double others = other.at(now);
        double duration = one.durationAt(now);
        double otherDuration = other.durationAt(now);
        if (Double.isNaN(duration) || Double.isNaN(otherDuration)) {
            return reads < others;
        }
        return (reads + 1) * duration < (others + 1) * otherDuration;
    }

    synchronized double at(long now) {
        return faded(now);
    }

    private synchronized double durationAt(long now) {
        return duration(now);
    }

    private double duration(long now) {
        return now - reportedAt > BELIEVED_NANOS ? Double.NaN : duration;
    }

    private double faded(long now) {
        return reads == 0 ? 0 : reads * Math.pow(0.5, Math.max(0, now - countedAt) / SECOND);
    }
}
