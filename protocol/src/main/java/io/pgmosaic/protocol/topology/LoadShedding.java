package io.pgmosaic.protocol.topology;

/**
 * When lookups of a shard are refused because it has too much to do.
 *
 * @param targetMillis as long as half of the statements may take
 * @param maxMillis from which on nobody is spared
 */
public record LoadShedding(long targetMillis, long maxMillis) {
    /** @throws IllegalArgumentException when the times are not positive and in that order */
    public LoadShedding {
        if (targetMillis < 1 || maxMillis <= targetMillis) {
            throw new IllegalArgumentException("a shard's target latency must be positive and less than its maximum");
        }
    }
}
