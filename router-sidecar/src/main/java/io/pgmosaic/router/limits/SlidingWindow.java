package io.pgmosaic.router.limits;

/**
 * Two counters that stand for a window that slides: the one of the present window, and the one of the window before, of which the
 * share counts that the sliding window still covers. Exact for lookups that come evenly; for others a sliding window has at most
 * twice the limit, and no burst at the boundary of two windows that a single counter would let through.
 */
final class SlidingWindow implements Allowance {
    private final int limit;
    private final long windowNanos;
    private long beganAt;
    private int present;
    private int before;

    SlidingWindow(int limit, long windowNanos, long now) {
        this.limit = limit;
        this.windowNanos = windowNanos;
        this.beganAt = now;
    }

    @Override
    public long take(long now) {
        slide(now);
        double counted = present + before * covered(now);
        if (counted + 1 <= limit) {
            present++;
            return 0;
        }
        return Math.max(1, (long) Math.ceil(untilRoom(now)));
    }

    @Override
    public boolean isWhole(long now) {
        slide(now);
        return present == 0 && before == 0;
    }

    @Override
    public Allowance under(Allowance whole, long now) {
        slide(now);
        if (whole instanceof SlidingWindow window && window.windowNanos == windowNanos) {
            window.beganAt = beganAt;
            window.present = present;
            window.before = before;
        }
        return whole;
    }

    /** Of the window before, how much is not over yet. */
    private double covered(long now) {
        return 1 - (double) (now - beganAt) / windowNanos;
    }

    private double untilRoom(long now) {
        int room = limit - 1 - present;
        if (room >= 0) {
            // The share of the window before has to shrink to what there is room for.
            return (1 - (double) room / before) * windowNanos - (now - beganAt);
        }
        double untilNext = (double) windowNanos - (now - beganAt);
        return untilNext + (1 - (double) (limit - 1) / present) * windowNanos;
    }

    private void slide(long now) {
        long windows = Math.max(0, now - beganAt) / windowNanos;
        if (windows > 0) {
            before = windows == 1 ? present : 0;
            present = 0;
            beganAt += windows * windowNanos;
        }
    }
}
