package io.pgmosaic.operator.simulation;

import java.util.concurrent.atomic.AtomicLong;

/** What the schedules came by, to see that they are worth running. */
final class Totals {
    final AtomicLong schedules = new AtomicLong();
    final AtomicLong failovers = new AtomicLong();
    final AtomicLong acknowledged = new AtomicLong();

    void add(Shard shard) {
        schedules.incrementAndGet();
        failovers.addAndGet(shard.oracle.failovers);
        acknowledged.addAndGet(shard.oracle.acknowledged);
    }
}
