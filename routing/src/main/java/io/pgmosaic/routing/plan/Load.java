package io.pgmosaic.routing.plan;

/**
 * What a cluster has to carry.
 *
 * @param bytes of data
 * @param writesPerSecond at the busiest time
 * @param readsPerSecond at the busiest time
 */
public record Load(double bytes, double writesPerSecond, double readsPerSecond) {
    /** @throws IllegalArgumentException when a number is negative or none */
    public Load {
        check("bytes", bytes);
        check("writes a second", writesPerSecond);
        check("reads a second", readsPerSecond);
    }

    private static void check(String what, double value) {
        if (!Double.isFinite(value) || value < 0) {
            throw new IllegalArgumentException("the load's " + what + " are 0 or more, not " + value);
        }
    }
}
