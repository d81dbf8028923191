package io.pgmosaic.router.load;

/**
 * The connections that a client's pools have to a shard.
 *
 * @param active in use
 * @param waiting requests that have no connection yet
 */
public record PoolState(int active, int idle, int waiting) {
    public static final PoolState NONE = new PoolState(0, 0, 0);

    PoolState plus(PoolState other) {
        return new PoolState(active + other.active, idle + other.idle, waiting + other.waiting);
    }
}
