package io.pgmosaic.protocol.instance;

import io.pgmosaic.protocol.Lsn;

import java.util.Comparator;

/**
 * How far a log goes. A timeline has the number of the term in which it began, so the later timeline is ahead whatever its
 * position, and within a timeline the higher position is.
 */
public record LogPosition(long timeline, Lsn lsn) implements Comparable<LogPosition> {
    private static final Comparator<LogPosition> ORDER =
            Comparator.comparingLong(LogPosition::timeline).thenComparing(LogPosition::lsn);

    @Override
    public int compareTo(LogPosition other) {
        return ORDER.compare(this, other);
    }

    /** Timeline and position as people write them: {@code 3:0/5000148}. */
    @Override
    public String toString() {
        return timeline + ":" + lsn;
    }
}
