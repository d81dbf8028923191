package io.pgmosaic.routing.hash;

/**
 * Bob Jenkins' lookup3 in the form in which PostgreSQL's {@code hash_bytes_extended} runs it: three 32-bit lanes, twelve
 * input bytes a block, the seed stirred in as if it were a block before the first one unless it is zero.
 *
 * <p>Formula: https://burtleburtle.net/bob/c/lookup3.c and PostgreSQL's {@code src/common/hashfn.c}. An instance never
 * leaves the method that makes it and every method is small enough to be inlined, so the JIT keeps the lanes in
 * registers and nothing is allocated.
 */
final class Lookup3 {
    /** The golden ratio, and the constant that PostgreSQL adds to it. */
    private static final int INITIAL = 0x9e3779b9 + 3923095;

    private int a;
    private int b;
    private int c;

    /** @param length of the whole input in bytes; it is part of the initial state */
    Lookup3(int length, long seed) {
        a = INITIAL + length;
        b = a;
        c = a;
        if (seed != 0) {
            block((int) (seed >>> 32), (int) seed, 0);
        }
    }

    /** Takes in twelve bytes as three little-endian words. */
    void block(int x, int y, int z) {
        a += x;
        b += y;
        c += z;
        stir(4, 6, 8);
        stir(16, 19, 4);
    }

    private void stir(int first, int second, int third) {
        a -= c;
        a ^= Integer.rotateLeft(c, first);
        c += b;
        b -= a;
        b ^= Integer.rotateLeft(a, second);
        a += c;
        c -= b;
        c ^= Integer.rotateLeft(b, third);
        b += a;
    }

    /**
     * Takes in the last zero to eleven bytes and gives the hash.
     *
     * @param z the last word shifted left by one byte: its lowest byte belongs to the length
     */
    long finish(int x, int y, int z) {
        a += x;
        b += y;
        c += z;
        c = cut(c, b, 14);
        a = cut(a, c, 11);
        b = cut(b, a, 25);
        c = cut(c, b, 16);
        a = cut(a, c, 4);
        b = cut(b, a, 14);
        c = cut(c, b, 24);
        return ((long) b << 32) | (c & 0xFFFF_FFFFL);
    }

    private static int cut(int lane, int by, int distance) {
        return (lane ^ by) - Integer.rotateLeft(by, distance);
    }
}
