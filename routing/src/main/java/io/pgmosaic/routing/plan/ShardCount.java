package io.pgmosaic.routing.plan;

/**
 * How many shards a load takes: the most that data, writes or reads ask for, with headroom, rounded up to a power of two, so that
 * each later split halves a shard.
 *
 * @param shards a power of two
 * @param needed before headroom and rounding
 * @param driver what asks for the most
 */
public record ShardCount(int shards, double needed, Driver driver) {
    /** Half as much again, for growth and for the shard that has more than its part. */
    public static final double HEADROOM = 1.5;

    private static final int MOST = 1 << 20;

    /** What asks for shards. */
    public enum Driver {
        DATA,
        WRITES,
        READS
    }

    /** @throws IllegalArgumentException when it would take more than 1,048,576 shards */
    public static ShardCount of(Load load, ShardCapacity capacity) {
        double data = load.bytes() / capacity.bytes();
        double writes = load.writesPerSecond() / capacity.writesPerSecond();
        double reads = load.readsPerSecond() / (capacity.readsPerSecond() * capacity.readServers());
        double needed = Math.max(data, Math.max(writes, reads));
        Driver driver = needed == data ? Driver.DATA : needed == writes ? Driver.WRITES : Driver.READS;
        double wanted = needed * HEADROOM;
        if (wanted > MOST) {
            throw new IllegalArgumentException("that load would take more than " + MOST + " shards of this capacity");
        }
        int shards = 1;
        while (shards < wanted) {
            shards *= 2;
        }
        return new ShardCount(shards, needed, driver);
    }
}
