package io.pgmosaic.routing.hash;

/** What PostgreSQL's text can hold: every Unicode scalar value but NUL. */
public final class Utf8 {
    private Utf8() {}

    /**
     * How many bytes {@code value} takes in UTF-8.
     *
     * @throws IllegalArgumentException when PostgreSQL cannot hold {@code value}: it has a NUL character or half of a
     *     surrogate pair
     */
    public static int length(String value) {
        int chars = value.length();
        int bytes = chars;
        for (int i = 0; i < chars; i++) {
            char ch = value.charAt(i);
            if (ch < 0x80) {
                if (ch == 0) {
                    throw new IllegalArgumentException("text has a NUL character at index " + i);
                }
            } else if (ch < 0x800) {
                bytes++;
            } else if (!Character.isSurrogate(ch)) {
                bytes += 2;
            } else {
                if (Character.isLowSurrogate(ch) || i + 1 == chars || !Character.isLowSurrogate(value.charAt(i + 1))) {
                    throw new IllegalArgumentException("text has half of a surrogate pair at index " + i);
                }
                bytes += 2;
                i++;
            }
        }
        return bytes;
    }
}
