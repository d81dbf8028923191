package io.pgmosaic.local.platform;

import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The ends of log files, for somebody who wants to know why. */
public final class LogTail {
    private static final int LINES = 15;
    private static final List<String> TELLING = List.of("ERROR", "FATAL", "PANIC", "Exception", "\"level\":\"error\"");

    private LogTail() {}

    /** Prints the last lines of every log below {@code folder}, those of logs with errors last. */
    public static void print(PrintStream out, Path folder) {
        try (Stream<Path> files = Files.walk(folder)) {
            List<Path> logs = files.filter(file -> file.toString().endsWith(".log"))
                    .sorted((one, other) -> Boolean.compare(tells(one), tells(other)))
                    .toList();
            for (Path log : logs) {
                out.println();
                out.println("==> " + log);
                List<String> lines = read(log);
                lines.subList(Math.max(0, lines.size() - LINES), lines.size()).forEach(out::println);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the logs in " + folder, e);
        }
    }

    private static boolean tells(Path log) {
        return read(log).stream().anyMatch(line -> TELLING.stream().anyMatch(line::contains));
    }

    private static List<String> read(Path log) {
        try {
            return new String(Files.readAllBytes(log), StandardCharsets.UTF_8)
                    .lines()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + log, e);
        }
    }
}
