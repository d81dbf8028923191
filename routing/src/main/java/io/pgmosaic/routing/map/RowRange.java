package io.pgmosaic.routing.map;

import io.pgmosaic.routing.key.KeyValue;
import org.jspecify.annotations.Nullable;

/**
 * Rows that are looked for together: those that are in each of its bounds.
 *
 * @param region null for rows of every region
 * @param times of the rows, where these matter
 * @param from the least value of the first column of the key; null for no bound. Matters in ordered ranges alone
 * @param until the least value after them; null for no bound
 */
public record RowRange(
        @Nullable String region,
        TimeSpan times,
        @Nullable KeyValue from,
        @Nullable KeyValue until) {
    /** @throws IllegalArgumentException when the bounds are of two types, or no value is between them */
    public RowRange {
        if (from != null && until != null && (from.type() != until.type() || OrderedRanges.compare(from, until) >= 0)) {
            throw new IllegalArgumentException("the range of keys from " + from.text() + " until " + until.text()
                    + " ends before it begins, or has nothing in it");
        }
    }

    /** Rows of every region, time and key. */
    public static RowRange everything() {
        return new RowRange(null, TimeSpan.ALWAYS, null, null);
    }

    /** Whether it bounds the values of keys at all. */
    public boolean isBounded() {
        return from != null || until != null;
    }

    boolean contains(KeyValue value) {
        return isNotBefore(value)
                && (until == null || (value.type() == until.type() && OrderedRanges.compare(value, until) < 0));
    }

    private boolean isNotBefore(KeyValue value) {
        return from == null || (value.type() == from.type() && OrderedRanges.compare(from, value) <= 0);
    }
}
