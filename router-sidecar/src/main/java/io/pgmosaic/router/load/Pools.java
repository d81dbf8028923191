package io.pgmosaic.router.load;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * The connection pools that clients reported last, each for a minute: a process that ended reports no empty pool. Bounded.
 * Thread-safe.
 */
public final class Pools {
    private static final long BELIEVED_NANOS = TimeUnit.MINUTES.toNanos(1);
    /** More processes than a pod has. */
    private static final int MOST_CLIENTS = 64;

    private final Map<String, Report> reports = new HashMap<>();
    private final LongSupplier nanos;

    private record Report(Map<String, PoolState> byShard, long at) {}

    /** @param nanos as {@link System#nanoTime} */
    public Pools(LongSupplier nanos) {
        this.nanos = nanos;
    }

    /** Replaces what the client said before; a client too many is not remembered. */
    public synchronized void report(String client, Map<String, PoolState> byShard) {
        long now = nanos.getAsLong();
        reports.values().removeIf(report -> now - report.at() > BELIEVED_NANOS);
        if (reports.containsKey(client) || reports.size() < MOST_CLIENTS) {
            reports.put(client, new Report(Map.copyOf(byShard), now));
        }
    }

    /** Of all clients together. */
    public synchronized PoolState of(String shard) {
        long now = nanos.getAsLong();
        return reports.values().stream()
                .filter(report -> now - report.at() <= BELIEVED_NANOS)
                .map(report -> report.byShard().getOrDefault(shard, PoolState.NONE))
                .reduce(PoolState.NONE, PoolState::plus);
    }
}
