package io.pgmosaic.router.consistency;

/** How many reads this router has sent to a replica lately: each counts half as much after every second. */
public final class Load {
    private static final double SECOND = 1e9;

    private double reads;
    private long countedAt;

    /** @param now by {@link System#nanoTime} */
    public synchronized void add(long now) {
        reads = faded(now) + 1;
        countedAt = now;
    }

    synchronized double at(long now) {
        return faded(now);
    }

    private double faded(long now) {
        return reads == 0 ? 0 : reads * Math.pow(0.5, Math.max(0, now - countedAt) / SECOND);
    }
}
