package io.pgmosaic.instance.postgres;

import io.pgmosaic.instance.volume.DurableFiles;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** The files in {@code pg_wal}, by their names. */
public final class LogFiles {
    private static final Pattern SEGMENT = Pattern.compile("[0-9A-F]{24}");

    private LogFiles() {}

    /** The highest timeline of which there is a segment; 0 when there is none. */
    public static long latestTimeline(Path data) throws IOException {
        long latest = 0;
        try (DirectoryStream<Path> files = Files.newDirectoryStream(data.resolve("pg_wal"))) {
            for (Path file : files) {
                String name = String.valueOf(file.getFileName());
                if (SEGMENT.matcher(name).matches()) {
                    latest = Math.max(latest, Long.parseLong(name.substring(0, 8), 16));
                }
            }
        }
        return latest;
    }

    /**
     * Makes a promotion choose {@code next}: PostgreSQL takes the number after the last one of an unbroken row of history
     * files that begins after its own timeline. An empty one is no child of any timeline, so a running standby does not
     * turn to it; it has to stay, since followers fetch every history file on the way.
     */
    public static void reserveTimelines(Path data, long next) throws IOException {
        for (long timeline = 2; timeline < next; timeline++) {
            Path file = history(data, timeline);
            if (!Files.exists(file)) {
                DurableFiles.replace(file, new byte[0]);
            }
        }
    }

    /**
     * Takes away the empty history files after the last real one, before a server starts: it would take the last of an
     * unbroken row for the timeline to go to, and end because that is no child of its own.
     */
    public static void dropDanglingReservations(Path data) throws IOException {
        List<Path> empty = new ArrayList<>();
        String lastReal = "";
        try (DirectoryStream<Path> files = Files.newDirectoryStream(data.resolve("pg_wal"), "*.history")) {
            for (Path file : files) {
                String name = String.valueOf(file.getFileName());
                if (Files.size(file) == 0) {
                    empty.add(file);
                } else if (name.compareTo(lastReal) > 0) {
                    lastReal = name;
                }
            }
        }
        for (Path file : empty) {
            if (String.valueOf(file.getFileName()).compareTo(lastReal) > 0) {
                Files.delete(file);
            }
        }
    }

    /** Takes away what a promotion that did not come to its end left of its new timeline; no server was ever on it. */
    public static void forgetTimeline(Path data, long timeline) throws IOException {
        String prefix = String.format("%08X", timeline);
        try (DirectoryStream<Path> files = Files.newDirectoryStream(data.resolve("pg_wal"), prefix + "*")) {
            for (Path file : files) {
                Files.deleteIfExists(file);
            }
        }
    }

    private static Path history(Path data, long timeline) {
        return data.resolve("pg_wal").resolve(String.format("%08X.history", timeline));
    }
}
