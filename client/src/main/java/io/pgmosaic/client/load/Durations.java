package io.pgmosaic.client.load;

import java.util.concurrent.atomic.AtomicLongArray;

/** Durations, counted in classes that are at most a fourth of their size wide. Thread-safe. */
final class Durations {
    private static final int BITS = 2;
    private static final int CLASSES = Long.SIZE << BITS;

    private final AtomicLongArray counts = new AtomicLongArray(CLASSES);
    private final AtomicLongArray sums = new AtomicLongArray(CLASSES);

    /** @param nanos from 0 */
    void add(long nanos) {
        int place = place(nanos);
        counts.incrementAndGet(place);
        sums.addAndGet(place, nanos);
    }

    /** The highest bit, and the two below it. */
    private static int place(long nanos) {
        long least = Math.max(nanos, 1L << BITS);
        int exponent = Long.SIZE - 1 - Long.numberOfLeadingZeros(least);
        int below = (int) (least >>> (exponent - BITS)) & ((1 << BITS) - 1);
        return (exponent << BITS) | below;
    }

    /** Takes what is of a class. */
    interface Taker {
        /** @param nanos the mean */
        void take(long count, long nanos);
    }

    /**
     * Gives away what it has, and has nothing then.
     *
     * @return whether there was something
     */
    boolean drain(Taker taker) {
        boolean any = false;
        for (int place = 0; place < CLASSES; place++) {
            long count = counts.getAndSet(place, 0);
            if (count > 0) {
                any = true;
                taker.take(count, sums.getAndSet(place, 0) / count);
            }
        }
        return any;
    }
}
