package io.pgmosaic.instance.postgres;

import io.pgmosaic.instance.volume.DurableFiles;
import io.pgmosaic.protocol.Lsn;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** The files in {@code pg_wal}, by their names. */
public final class LogFiles {
    /** XLOG_BLCKSZ and the place of xlp_pageaddr, as PostgreSQL is built everywhere. */
    private static final int PAGE = 8192;

    private static final int PAGE_HEADER = 24;
    private static final int PAGE_ADDRESS = 8;
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

    /**
     * Whether the segment of {@code end} holds log of {@code timeline} up to its last page. Beyond {@code end} that can only be
     * the beginning of a record that nobody has the rest of.
     */
    public static boolean fillsSegmentOf(Path data, long timeline, Lsn end) throws IOException {
        long size = segmentSize(data);
        Path segment = segment(data, timeline, end, size);
        if (!Files.exists(segment)) {
            return false;
        }
        long lastPage = size - PAGE;
        try (FileChannel file = FileChannel.open(segment, StandardOpenOption.READ)) {
            ByteBuffer header = ByteBuffer.allocate(PAGE_HEADER).order(ByteOrder.nativeOrder());
            file.read(header, lastPage);
            long address = header.getLong(PAGE_ADDRESS);
            return address == end.offset() - Long.remainderUnsigned(end.offset(), size) + lastPage;
        }
    }

    /**
     * Takes away what the segment of {@code end} holds of {@code timeline} after it, as PostgreSQL does in the first segment of
     * a timeline that begins there. A standby whose log stops inside a record that goes on in the next segment asks its
     * upstream for that segment, which a later timeline may not have reached, and never for the one that differs. No server
     * runs.
     */
    public static void cut(Path data, long timeline, Lsn end) throws IOException {
        long size = segmentSize(data);
        Path segment = segment(data, timeline, end, size);
        if (!Files.exists(segment)) {
            return;
        }
        try (FileChannel file = FileChannel.open(segment, StandardOpenOption.WRITE)) {
            ByteBuffer zeros = ByteBuffer.allocate(PAGE);
            long at = Long.remainderUnsigned(end.offset(), size);
            while (at < size) {
                zeros.clear().limit((int) Math.min(PAGE, size - at));
                at += file.write(zeros, at);
            }
            file.force(true);
        }
    }

    /** All segments of a server are of one size; 0 when there is none. */
    private static long segmentSize(Path data) throws IOException {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(data.resolve("pg_wal"))) {
            for (Path file : files) {
                if (SEGMENT.matcher(String.valueOf(file.getFileName())).matches()) {
                    return Files.size(file);
                }
            }
        }
        return 0;
    }

    private static Path segment(Path data, long timeline, Lsn position, long size) {
        long number = size == 0 ? 0 : Long.divideUnsigned(position.offset(), size);
        long perFile = size == 0 ? 1 : (1L << 32) / size;
        return data.resolve("pg_wal")
                .resolve(String.format("%08X%08X%08X", timeline, number / perFile, number % perFile));
    }

    private static Path history(Path data, long timeline) {
        return data.resolve("pg_wal").resolve(String.format("%08X.history", timeline));
    }
}
