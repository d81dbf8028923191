package io.pgmosaic.routing.hash;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.UUID;

/** PostgreSQL's extended hash functions. None allocates, except {@link #text(String, long)} for text that is not ASCII. */
public final class PostgresHash {
    private static final VarHandle WORD = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

    private PostgresHash() {}

    /** {@code hashint8extended}; equals {@code hashint4extended} and {@code hashint2extended} of the same number. */
    public static long bigint(long value, long seed) {
        int high = (int) (value >>> 32);
        // The fold makes a bigint hash as the integer of the same value: its upper half then contributes nothing.
        int folded = (int) value ^ (value >= 0 ? high : ~high);
        return new Lookup3(Integer.BYTES, seed).finish(folded, 0, 0);
    }

    /** {@code uuid_hash_extended}. */
    public static long uuid(UUID value, long seed) {
        long most = value.getMostSignificantBits();
        long least = value.getLeastSignificantBits();
        Lookup3 state = new Lookup3(2 * Long.BYTES, seed);
        state.block(
                Integer.reverseBytes((int) (most >>> 32)), Integer.reverseBytes((int) most), Integer.reverseBytes((int)
                        (least >>> 32)));
        return state.finish(Integer.reverseBytes((int) least), 0, 0);
    }

    /**
     * {@code hashtextextended} under a deterministic collation, in a database whose encoding is UTF-8.
     *
     * @throws IllegalArgumentException when PostgreSQL cannot hold {@code value}: it has a NUL character or half of a
     *     surrogate pair
     */
    public static long text(String value, long seed) {
        int length = Utf8.length(value);
        if (length == value.length()) {
            return ascii(value, seed);
        }
        return bytes(value.getBytes(StandardCharsets.UTF_8), 0, length, seed);
    }

    /**
     * {@code hash_bytes_extended}; of a text's UTF-8 bytes it is {@code hashtextextended}. The bytes are not checked.
     *
     * @throws IndexOutOfBoundsException when the range is not within {@code source}
     */
    public static long bytes(byte[] source, int offset, int length, long seed) {
        Objects.checkFromIndexSize(offset, length, source.length);
        Lookup3 state = new Lookup3(length, seed);
        int at = offset;
        int left = length;
        for (; left >= 12; at += 12, left -= 12) {
            state.block((int) WORD.get(source, at), (int) WORD.get(source, at + 4), (int) WORD.get(source, at + 8));
        }
        int x = 0;
        int y = 0;
        int z = 0;
        for (int i = 0; i < left; i++) {
            int octet = source[at + i] & 0xFF;
            if (i < 4) {
                x |= octet << (8 * i);
            } else if (i < 8) {
                y |= octet << (8 * (i - 4));
            } else {
                z |= octet << (8 * (i - 7));
            }
        }
        return state.finish(x, y, z);
    }

    private static long ascii(String source, long seed) {
        Lookup3 state = new Lookup3(source.length(), seed);
        int at = 0;
        int left = source.length();
        for (; left >= 12; at += 12, left -= 12) {
            state.block(word(source, at, 4), word(source, at + 4, 4), word(source, at + 8, 4));
        }
        return state.finish(
                word(source, at, Math.min(left, 4)),
                word(source, at + 4, Math.min(left - 4, 4)),
                word(source, at + 8, left - 8) << 8);
    }

    private static int word(String source, int at, int count) {
        int word = 0;
        for (int i = 0; i < count; i++) {
            word |= source.charAt(at + i) << (8 * i);
        }
        return word;
    }
}
