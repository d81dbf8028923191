package io.pgmosaic.router.consistency;

import io.pgmosaic.protocol.instance.LogPosition;
import org.jspecify.annotations.Nullable;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

/**
 * How far clients that read from one replica saw it replay one timeline. Never goes back while it counts, and counts for
 * {@value #LASTS_MILLIS} ms: by then the operator has told as much, or the replica is not what it was. Thread-safe.
 */
public final class SeenReplay {
    static final long LASTS_MILLIS = 3_000;

    private final AtomicReference<@Nullable Sighting> last = new AtomicReference<>();

    /** @param at when the router was told, by {@link System#nanoTime} */
    private record Sighting(LogPosition position, long at) {
        boolean counts(long now) {
            return now - at < TimeUnit.MILLISECONDS.toNanos(LASTS_MILLIS);
        }
    }

    /** @param position of the same timeline as all others */
    void add(LogPosition position, long now) {
        Sighting told = new Sighting(position, now);
        last.accumulateAndGet(told, (before, more) -> before == null || more == null ? told : further(before, more));
    }

    /** Null when nothing that was seen counts any more. */
    @Nullable
    LogPosition position(long now) {
        Sighting seen = last.get();
        return seen == null || !seen.counts(now) ? null : seen.position();
    }

    private static Sighting further(Sighting before, Sighting more) {
        boolean behind = more.position().lsn().compareTo(before.position().lsn()) < 0;
        return behind && before.counts(more.at()) ? before : more;
    }
}
