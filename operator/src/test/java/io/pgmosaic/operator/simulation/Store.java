package io.pgmosaic.operator.simulation;

import io.pgmosaic.operator.plan.ShardRecord;

/** Where the record is kept: written by whoever has seen the latest version of it. */
final class Store {
    private final Mutant mutant;
    private final Oracle oracle;
    ShardRecord record;
    long version = 1;

    Store(ShardRecord first, Mutant mutant, Oracle oracle) {
        this.record = first;
        this.mutant = mutant;
        this.oracle = oracle;
    }

    /** Whether it was written. */
    boolean compareAndSet(long seen, ShardRecord next) {
        if (seen != version && mutant != Mutant.NO_COMPARE_AND_SET) {
            return false;
        }
        oracle.recorded(record, next);
        record = next;
        version++;
        return true;
    }
}
