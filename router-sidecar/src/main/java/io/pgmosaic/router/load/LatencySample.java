package io.pgmosaic.router.load;

import java.util.Arrays;

/**
 * Durations of a time, counted in classes that are a sixth of their size wide. Not thread-safe.
 *
 * <p>The median is what counts: a mean is pulled by a few long reports, and the shortest one is short also where most wait.
 */
final class LatencySample {
    private static final int PER_DOUBLING = 4;
    private static final int CLASSES = 160;
    private static final double NANOS_PER_MICRO = 1_000;

    private final int[] counts = new int[CLASSES];
    private int size;

    void add(long nanos, int count) {
        double micros = Math.max(1, nanos / NANOS_PER_MICRO);
        int place = (int) (PER_DOUBLING * Math.log(micros) / Math.log(2));
        counts[Math.min(place, CLASSES - 1)] += count;
        size += count;
    }

    int size() {
        return size;
    }

    /** In nanoseconds, about; to be asked only when there are some. */
    double median() {
        int before = 0;
        int place = 0;
        while (before + counts[place] < (size + 1) / 2) {
            before += counts[place];
            place++;
        }
        return Math.pow(2, (place + 0.5) / PER_DOUBLING) * NANOS_PER_MICRO;
    }

    void clear() {
        Arrays.fill(counts, 0);
        size = 0;
    }
}
