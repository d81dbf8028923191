package io.pgmosaic.operator.split.run;

import io.pgmosaic.api.v1alpha1.split.SplitProgress;
import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/** How far something is that goes through many rows, as the status tells it. Used by many threads. */
final class ProgressMeter {
    private static final long TELL_EVERY_NANOS = Duration.ofSeconds(2).toNanos();

    /** Of the time at whose rate it goes on. */
    private static final double LATELY_SECONDS = 10;

    private record Copied(long rows, long bytes) {}

    private final long total;
    private final Map<String, Copied> tables = new ConcurrentHashMap<>();
    private final AtomicLong toldAt = new AtomicLong(System.nanoTime() - TELL_EVERY_NANOS);
    private long measuredAt = System.nanoTime();
    private long measuredRows;
    private double rate;

    /** @param total of the rows; 0 when there are none */
    ProgressMeter(long total) {
        this.total = total;
    }

    void copied(String table, long rows, long bytes) {
        tables.put(table, new Copied(rows, bytes));
    }

    /** Whether it is time to tell; true for one caller alone. */
    boolean isDue() {
        long now = System.nanoTime();
        long last = toldAt.get();
        return now - last >= TELL_EVERY_NANOS && toldAt.compareAndSet(last, now);
    }

    synchronized SplitProgress progress() {
        long rows = tables.values().stream().mapToLong(Copied::rows).sum();
        long bytes = tables.values().stream().mapToLong(Copied::bytes).sum();
        long now = System.nanoTime();
        double seconds = (now - measuredAt) / 1e9;
        if (seconds > 0.1) {
            double latest = (rows - measuredRows) / seconds;
            double weight = measuredRows == 0 ? 1 : Math.min(1, seconds / LATELY_SECONDS);
            rate += (latest - rate) * weight;
            measuredAt = now;
            measuredRows = rows;
        }
        // Rows that came after they were counted make it no more than all.
        int percent = total == 0 ? 100 : (int) Math.min(100, 100 * rows / total);
        return new SplitProgress(
                percent, rows, Math.max(total, rows), bytes, null, Math.round(rate), null, null, eta(total - rows));
    }

    private @Nullable String eta(long left) {
        if (rate < 1 || left <= 0) {
            return left <= 0 ? "0s" : null;
        }
        return text(Duration.ofSeconds(Math.round(left / rate)));
    }

    /** As a person reads it. */
    static String text(Duration time) {
        if (time.toMinutes() < 2) {
            return time.toSeconds() + "s";
        }
        return time.toHours() < 2 ? time.toMinutes() + "m" : time.toHours() + "h" + time.toMinutesPart() + "m";
    }
}
