package io.pgmosaic.operator.migration.run;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.Instant;

/** When a backfill will be done at the rate that it has had since it was first asked. Not for several threads. */
final class Eta {
    private static final Duration SHORTEST = Duration.ofSeconds(2);

    private @Nullable Instant since;
    private long before;

    /** As a person reads it; null while too little is known. */
    @Nullable
    String after(long rows, long total, Instant now) {
        if (since == null || rows < before) {
            since = now;
            before = rows;
        }
        Duration time = Duration.between(since, now);
        if (time.compareTo(SHORTEST) < 0 || rows == before) {
            return null;
        }
        double left = (double) Math.max(0, total - rows) * time.toMillis() / (rows - before);
        return text(Duration.ofMillis(Math.round(left)));
    }

    private static String text(Duration time) {
        if (time.toMinutes() < 2) {
            return time.toSeconds() + "s";
        }
        return time.toHours() < 2 ? time.toMinutes() + "m" : time.toHours() + "h" + time.toMinutesPart() + "m";
    }
}
