package io.pgmosaic.local.bench.patroni;

import java.time.Duration;

/**
 * Patroni's settings that say how soon it fails over, in seconds. Its documentation wants
 * {@code loopWait + 2 * retryTimeout <= ttl}.
 *
 * @param ttl life of the leader's lock
 * @param loopWait from one look at the cluster to the next, in which the leader renews the lock
 * @param retryTimeout how long etcd or PostgreSQL may fail before it counts
 */
record Timing(String name, int ttl, int loopWait, int retryTimeout) {
    /** As Patroni is when nobody says otherwise. */
    static final Timing DEFAULT = new Timing("default", 30, 10, 10);

    /** The lowest value of each that Patroni's documentation allows. */
    static final Timing FASTEST = new Timing("fastest", 20, 1, 3);

    Duration loop() {
        return Duration.ofSeconds(loopWait);
    }

    @Override
    public String toString() {
        return "ttl " + ttl + ", loop_wait " + loopWait + ", retry_timeout " + retryTimeout;
    }
}
