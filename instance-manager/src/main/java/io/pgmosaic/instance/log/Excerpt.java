package io.pgmosaic.instance.log;

import java.nio.charset.StandardCharsets;

/** Cuts text without leaving half a character, which could not be written as JSON. */
public final class Excerpt {
    private Excerpt() {}

    /** At most the first {@code length} characters, and dots where something was left out. */
    public static String head(String text, int length) {
        return text.length() <= length ? text : whole(text.substring(0, length)) + "...";
    }

    /** At most the last {@code length} characters. */
    public static String tail(String text, int length) {
        return text.length() <= length ? text : whole(text.substring(text.length() - length));
    }

    /** Half a surrogate pair becomes a question mark. */
    private static String whole(String text) {
        return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
    }
}
