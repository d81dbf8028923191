package io.pgmosaic.operator.validation;

/** Text of unknown origin, made fit for a condition, an event or a terminal. */
public final class Shown {
    private static final int LONGEST = 60;

    private Shown() {}

    /** Quoted, cut after 60 characters, control characters and what is not ASCII written as escapes. */
    public static String of(String text) {
        StringBuilder shown = new StringBuilder("\"");
        text.codePoints().limit(LONGEST).forEach(character -> {
            if (character < ' ' || character > '~') {
                shown.append(String.format("\\u%04x", character));
            } else {
                shown.appendCodePoint(character);
            }
        });
        shown.append('"');
        if (text.codePointCount(0, text.length()) > LONGEST) {
            shown.append("... (").append(text.length()).append(" characters)");
        }
        return shown.toString();
    }
}
