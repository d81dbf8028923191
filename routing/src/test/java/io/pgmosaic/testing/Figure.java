package io.pgmosaic.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Locale;

/**
 * A measured number.
 *
 * @param how what was measured and how much it scattered
 */
public record Figure(String name, double value, String unit, String how) {
    /** Appends it as one line of JSON, and prints that. */
    public void appendTo(Path file) throws IOException {
        Path folder = file.toAbsolutePath().getParent();
        if (folder != null) {
            Files.createDirectories(folder);
        }
        String line = String.format(
                Locale.ROOT,
                "{\"name\":%s,\"value\":%.4f,\"unit\":%s,\"how\":%s}%n",
                quoted(name),
                value,
                quoted(unit),
                quoted(how));
        Files.writeString(file, line, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        System.out.print(line);
    }

    private static String quoted(String text) {
        return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }
}
