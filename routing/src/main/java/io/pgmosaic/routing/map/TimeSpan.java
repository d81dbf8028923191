package io.pgmosaic.routing.map;

import io.pgmosaic.routing.key.KeyValue.Timestamp;
import org.jspecify.annotations.Nullable;

/**
 * All times from one to another.
 *
 * @param from the first time; null for no bound
 * @param until the first time after it; null for no bound
 */
public record TimeSpan(@Nullable Timestamp from, @Nullable Timestamp until) implements Comparable<TimeSpan> {
    public static final TimeSpan ALWAYS = new TimeSpan(null, null);

    /** @throws IllegalArgumentException when it has no time in it */
    public TimeSpan {
        if (from != null && until != null && from.micros() >= until.micros()) {
            throw new IllegalArgumentException("the period " + from.text() + " to " + until.text()
                    + " ends before it begins, or has nothing in it");
        }
    }

    /** The least number of a time in it, as {@link Timestamp#micros} counts. */
    long first() {
        return from == null ? Long.MIN_VALUE : from.micros();
    }

    /** What is in both; null when nothing is. */
    @Nullable
    TimeSpan intersection(TimeSpan other) {
        @Nullable Timestamp later = first() >= other.first() ? from : other.from;
        @Nullable
        Timestamp sooner =
                until == null || (other.until != null && other.until.micros() < until.micros()) ? other.until : until;
        return later != null && sooner != null && later.micros() >= sooner.micros()
                ? null
                : new TimeSpan(later, sooner);
    }

    /** By where they begin. */
    @Override
    public int compareTo(TimeSpan other) {
        return Long.compare(first(), other.first());
    }

    @Override
    public String toString() {
        return (from == null ? "the beginning" : from.text()) + " to " + (until == null ? "the end" : until.text());
    }
}
