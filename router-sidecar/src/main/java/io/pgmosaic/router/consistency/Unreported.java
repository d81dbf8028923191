package io.pgmosaic.router.consistency;

/**
 * Counts what a session was sent to do and has not reported. A report that never comes must not count for ever: after one to two
 * windows it does not any more.
 */
final class Unreported {
    private int older;
    private int newer;
    private long turnedAt;
    private boolean givenUp;

    void add(long window, long now) {
        turn(window, now);
        newer++;
    }

    /** The report is taken for the oldest that lacks one. */
    void reported(long window, long now) {
        turn(window, now);
        if (older > 0) {
            older--;
        } else if (newer > 0) {
            newer--;
        }
    }

    boolean any(long window, long now) {
        turn(window, now);
        return older + newer > 0;
    }

    /** Whether there was one for which no report came in time. */
    boolean hasGivenUp() {
        return givenUp;
    }

    private void turn(long window, long now) {
        if (older + newer == 0) {
            turnedAt = now;
        } else if (now - turnedAt >= window) {
            givenUp |= older > 0;
            older = newer;
            newer = 0;
            if (now - turnedAt >= 2 * window) {
                givenUp |= older > 0;
                older = 0;
            }
            turnedAt = now;
        }
    }
}
