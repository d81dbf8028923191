package io.pgmosaic.operator.migration.backfill;

import java.time.Duration;

/** How many rows the next batch has, so that it takes about as long as it should. Not for several threads. */
final class BatchSize {
    private static final int FEWEST = 10;
    private static final int MOST = 100_000;

    private final Duration target;
    private int rows;

    BatchSize(int first, Duration target) {
        this.rows = Math.clamp(first, FEWEST, MOST);
        this.target = target;
    }

    int rows() {
        return rows;
    }

    /** One batch says little, so it changes no more than twofold. */
    void took(Duration time) {
        double factor = (double) target.toNanos() / Math.max(1, time.toNanos());
        rows = Math.clamp(Math.round(rows * Math.clamp(factor, 0.5, 2.0)), FEWEST, MOST);
    }

    /** A lock was not to be had: fewer rows meet fewer writers. */
    void halve() {
        rows = Math.max(FEWEST, rows / 2);
    }
}
