package io.pgmosaic.routing.plan;

/**
 * What one shard is meant to carry.
 *
 * @param bytes of data
 * @param writesPerSecond of its primary
 * @param readsPerSecond of each server that takes reads
 * @param readServers servers of a shard that take reads
 */
public record ShardCapacity(double bytes, double writesPerSecond, double readsPerSecond, int readServers) {
    /** @throws IllegalArgumentException when a number is not above 0 */
    public ShardCapacity {
        check("bytes", bytes);
        check("writes a second", writesPerSecond);
        check("reads a second", readsPerSecond);
        check("servers that take reads", readServers);
    }

    private static void check(String what, double value) {
        if (!Double.isFinite(value) || value <= 0) {
            throw new IllegalArgumentException("a shard's " + what + " are more than 0, not " + value);
        }
    }
}
