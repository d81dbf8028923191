package io.pgmosaic.protocol;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/**
 * A position in PostgreSQL's write-ahead log: an unsigned 64-bit byte offset, written as PostgreSQL's {@code pg_lsn} does,
 * {@code 16/B374D848}. Positions of different timelines do not compare.
 */
public record Lsn(long offset) implements Comparable<Lsn> {
    public static final Lsn ZERO = new Lsn(0);

    /**
     * @throws IllegalArgumentException when {@code text} is not two hexadecimal numbers with a slash between them
     */
    @JsonCreator
    public static Lsn parse(String text) {
        int slash = text.indexOf('/');
        if (slash < 1 || slash > 8 || text.length() - slash - 1 < 1 || text.length() - slash - 1 > 8) {
            throw new IllegalArgumentException("not a pg_lsn: " + text);
        }
        long high = Long.parseLong(text, 0, slash, 16);
        long low = Long.parseLong(text, slash + 1, text.length(), 16);
        if (high < 0 || low < 0) {
            throw new IllegalArgumentException("not a pg_lsn: " + text);
        }
        return new Lsn(high << 32 | low);
    }

    /** Bytes from {@code earlier} to this position; negative when this one is behind. */
    public long minus(Lsn earlier) {
        return offset - earlier.offset;
    }

    @Override
    public int compareTo(Lsn other) {
        return Long.compareUnsigned(offset, other.offset);
    }

    @JsonValue
    @Override
    public String toString() {
        return Long.toHexString(offset >>> 32).toUpperCase(java.util.Locale.ROOT)
                + "/"
                + Long.toHexString(offset & 0xFFFF_FFFFL).toUpperCase(java.util.Locale.ROOT);
    }
}
