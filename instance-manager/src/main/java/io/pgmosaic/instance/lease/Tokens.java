package io.pgmosaic.instance.lease;

import java.util.OptionalLong;

/**
 * The moments at which questions were asked, each by an opaque number. It remembers the last {@value #KEPT} and gives out one
 * number for all that is asked within a short while, so that no rate of questions pushes out what is still wanted.
 */
final class Tokens {
    private static final int KEPT = 256;

    private final long[] times = new long[KEPT];
    private final long before;
    private long given;

    /** @param before chosen at random at every start, so that a token of an earlier start means nothing */
    Tokens(long before) {
        this.before = before;
    }

    /**
     * @param now in nanoseconds
     * @param grain nanoseconds during which all are given the same token, with the time of the first
     */
    long give(long now, long grain) {
        if (given == 0 || now - times[slot(given)] > grain) {
            given++;
            times[slot(given)] = now;
        }
        return before + given;
    }

    /** @return when it was given out; empty when it was not, or too long ago */
    OptionalLong givenAt(long token) {
        long number = token - before;
        return number < 1 || number > given || number <= given - KEPT
                ? OptionalLong.empty()
                : OptionalLong.of(times[slot(number)]);
    }

    private static int slot(long number) {
        return (int) (number % KEPT);
    }
}
