package io.pgmosaic.routing.map;

/** All hashes from {@code first} to {@code last}, both included. */
public record Segment(long first, long last) {
    private static final double DOMAIN = 0x1p64;

    /** @throws IllegalArgumentException when {@code last} is before {@code first} */
    public Segment {
        if (last < first) {
            throw new IllegalArgumentException("a segment ends before it begins: " + first + " to " + last);
        }
    }

    /** The part of all hashes that this is, above 0 and at most 1. */
    public double share() {
        // The difference does not fit a long, but always fits a double to 53 bits.
        return ((double) last - (double) first + 1) / DOMAIN;
    }

    public boolean contains(long hash) {
        return first <= hash && hash <= last;
    }
}
