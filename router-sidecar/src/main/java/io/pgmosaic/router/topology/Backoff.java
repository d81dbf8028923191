package io.pgmosaic.router.topology;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * How long to wait before the next attempt: exponential with full jitter, so that ten thousand routers whose operator
 * restarted do not come back in step.
 */
public final class Backoff {
    private final Duration least;
    private final Duration most;
    private final RandomGenerator random;
    private int failures;

    public Backoff(Duration least, Duration most, RandomGenerator random) {
        this.least = least;
        this.most = most;
        this.random = random;
    }

    /** Between {@code least} and {@code least * 4 * 2^failures}, at most {@code most}. */
    public Duration next() {
        long floor = least.toMillis();
        long ceiling = Math.min(most.toMillis(), floor << Math.min(failures + 2, 20));
        failures++;
        return Duration.ofMillis(random.nextLong(floor, ceiling + 1));
    }

    /** The last attempt succeeded. */
    public void reset() {
        failures = 0;
    }
}
