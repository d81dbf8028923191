package io.pgmosaic.client.topology;

import java.util.Locale;

/**
 * A place in a shard's log.
 *
 * @param term in which it was seen, and at least that of every write before it
 * @param lsn PostgreSQL's {@code pg_lsn}, as an unsigned number
 */
public record Position(long term, long lsn) {
    private static final int HALF = 32;

    /** @throws IllegalArgumentException when {@code lsn} is not of the form {@code 16/B374D848} */
    public static Position of(long term, String lsn) {
        return new Position(term, parse(lsn));
    }

    /** @throws IllegalArgumentException when {@code text} is not of the form {@code 16/B374D848} */
    public static long parse(String text) {
        int slash = text.indexOf('/');
        if (slash < 1) {
            throw new IllegalArgumentException("not a pg_lsn: " + text);
        }
        return Long.parseUnsignedLong(text, 0, slash, 16) << HALF
                | Long.parseUnsignedLong(text, slash + 1, text.length(), 16);
    }

    /** What holds both: the larger term and the larger place, each by itself, since neither alone says which log is longer. */
    public Position with(Position other) {
        return new Position(Math.max(term, other.term), Long.compareUnsigned(lsn, other.lsn) >= 0 ? lsn : other.lsn);
    }

    /** Whether whatever has come to this position holds all that is up to {@code other}. */
    public boolean holds(Position other) {
        return term >= other.term && Long.compareUnsigned(lsn, other.lsn) >= 0;
    }

    /** The place as PostgreSQL writes it. */
    public String text() {
        return Long.toHexString(lsn >>> HALF).toUpperCase(Locale.ROOT) + "/"
                + Long.toHexString(lsn & 0xFFFF_FFFFL).toUpperCase(Locale.ROOT);
    }
}
