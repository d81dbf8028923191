package io.pgmosaic.router.load;

import io.pgmosaic.protocol.topology.LoadShedding;

/**
 * Which share of a shard's lookups to refuse, so that half of its statements take about as long as the target. Pure: latencies in, a
 * share out; no clock, no chance.
 *
 * <pre>
 * 1. Latency above the target: what is waited for is a queue. It grows by (arrivals - capacity) / capacity seconds a second, so
 *        capacity = what was admitted then / (1 + growth of the latency a second)
 *    counted in shares of what is offered now; nobody has to know how many statements come of a lookup. Admitted is so much less
 *    than that as lets the queue run empty in DRAIN_SECONDS:
 *        admitted = capacity * (1 - (latency - target / 2) / DRAIN_SECONDS)
 * 2. Latency at the target or below: more is admitted, in large steps up to shortly below the capacity that was found, in small
 *    ones there, and in growing ones beyond it, since then the capacity or the load has changed.
 * </pre>
 *
 * Reports are a second or two old, so "then" is the mean of the two observations before: without that, each would answer anew to an
 * overload that has been answered already, and the share would swing.
 */
final class RefusalController {
    /** Some are let through always, or nobody would learn that the shard is well again. */
    static final double MOST = 0.95;

    private static final double DRAIN_SECONDS = 4;
    private static final double MOST_DRAINED = 0.5;
    private static final double LEAST_GROWTH = -0.4;
    private static final double MOST_GROWTH = 1.5;
    private static final double NEAR = 0.9;
    private static final double BEYOND = 1.1;
    private static final double LARGE_STEP = 0.1;
    private static final double SMALL_STEP = 0.02;
    private static final double LARGEST_STEP = 0.2;
    private static final double STEP_GROWTH = 1.5;
    private static final double NANOS = 1e9;

    private double admitted = 1;
    private double inForce = 1;
    private double before = 1;
    private double beforeThat = 1;
    private double latency = Double.NaN;
    private double capacity = Double.NaN;
    private double step = SMALL_STEP;
    private boolean pastMaximum;

    /**
     * @param median of the time since the last observation, in nanoseconds
     * @param seconds that time
     */
    void observe(double median, double seconds, LoadShedding policy) {
        double now = median / NANOS;
        double target = policy.targetMillis() / 1e3;
        double growth = Double.isNaN(latency) ? 0 : (now - latency) / seconds;
        latency = now;
        pastMaximum = now * 1e3 >= policy.maxMillis();
        admitted = now > target ? lessened(now, target, growth) : raised();
        beforeThat = before;
        before = inForce;
        inForce = admitted;
    }

    /** Which share is admitted until the next observation, where that is not what {@link #share} asks for, since some are spared. */
    void admits(double share) {
        inForce = share;
    }

    private double lessened(double now, double target, double growth) {
        double then = (before + beforeThat) / 2;
        double found = then / (1 + Math.clamp(growth, LEAST_GROWTH, MOST_GROWTH));
        capacity = Double.isNaN(capacity) ? found : (capacity + found) / 2;
        step = SMALL_STEP;
        double drained = Math.min(MOST_DRAINED, (now - target / 2) / DRAIN_SECONDS);
        return Math.clamp(capacity * (1 - drained), 1 - MOST, 1);
    }

    private double raised() {
        if (admitted >= 1) {
            capacity = Double.NaN;
            step = SMALL_STEP;
            return 1;
        }
        if (admitted < NEAR * capacity) {
            return Math.min(1, admitted * (1 + LARGE_STEP));
        }
        if (admitted > BEYOND * capacity) {
            step = Math.min(LARGEST_STEP, step * STEP_GROWTH);
        }
        return Math.min(1, admitted * (1 + step));
    }

    /** Nobody reports: nothing is refused, since that would be by guess. */
    void silence() {
        admitted = 1;
        inForce = 1;
        before = 1;
        beforeThat = 1;
        latency = Double.NaN;
        capacity = Double.NaN;
        step = SMALL_STEP;
        pastMaximum = false;
    }

    /** From 0 to {@link #MOST}. */
    double share() {
        return 1 - admitted;
    }

    /** Whether the latency was at its maximum or above. */
    boolean isPastMaximum() {
        return pastMaximum;
    }
}
