package io.pgmosaic.router.http;

import org.jspecify.annotations.Nullable;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;

import static java.nio.charset.StandardCharsets.UTF_8;

/**
 * Reads what forms and query strings write: percent-encoded UTF-8, and {@code +} for a space. Strict, since a key that is
 * read as another key sends a row to the wrong shard.
 */
final class PercentEncoding {
    private PercentEncoding() {}

    /** Null when {@code text} from {@code from} to {@code to} is not ASCII, or encodes bytes that are not UTF-8. */
    static @Nullable String decode(String text, int from, int to) {
        for (int i = from; i < to; i++) {
            char ch = text.charAt(i);
            if (ch == '%' || ch == '+' || ch > '~') {
                return decodeBytes(text, from, to);
            }
        }
        return text.substring(from, to);
    }

    private static @Nullable String decodeBytes(String text, int from, int to) {
        ByteBuffer bytes = ByteBuffer.allocate(to - from);
        for (int i = from; i < to; i++) {
            char ch = text.charAt(i);
            if (ch > '~') {
                return null;
            }
            if (ch != '%') {
                bytes.put((byte) (ch == '+' ? ' ' : ch));
                continue;
            }
            int value = i + 2 < to ? hex(text.charAt(i + 1)) << 4 | hex(text.charAt(i + 2)) : -1;
            if (value < 0) {
                return null;
            }
            bytes.put((byte) value);
            i += 2;
        }
        try {
            return UTF_8.newDecoder().decode(bytes.flip()).toString();
        } catch (CharacterCodingException notUtf8) {
            return null;
        }
    }

    /** Negative for no hexadecimal digit, and then so is a combination of two. */
    private static int hex(char ch) {
        return ch < 0x80 ? Character.digit(ch, 16) : -1;
    }
}
