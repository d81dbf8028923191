package io.pgmosaic.instance.postgres;

import java.util.List;
import java.util.stream.Collectors;

/**
 * What {@code pg_restore} writes, without the two commands that it puts around it for psql, to restrict it and to end that, with
 * a key that was made for this text alone. A line that looks like one anywhere else is a user's.
 */
final class PlainScript {
    private static final String BEGINS = "\\restrict ";

    private PlainScript() {}

    static String of(String text) {
        List<String> lines = List.of(text.split("\n", -1));
        String first = lines.stream()
                .dropWhile(line -> line.isBlank() || line.startsWith("--"))
                .findFirst()
                .orElse("");
        if (!first.startsWith(BEGINS)) {
            return text;
        }
        String last = "\\unrestrict " + first.substring(BEGINS.length());
        return lines.stream()
                .filter(line -> !line.equals(first) && !line.equals(last))
                .collect(Collectors.joining("\n"));
    }
}
