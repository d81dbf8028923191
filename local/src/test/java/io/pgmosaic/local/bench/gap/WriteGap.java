package io.pgmosaic.local.bench.gap;

import java.time.Duration;

/**
 * The time in which a client could not write.
 *
 * @param before the server of the last write that was acknowledged before
 * @param after the server of the first one after
 * @param last when the last one was acknowledged, of {@link System#nanoTime}
 * @param first when the first one was acknowledged, of {@link System#nanoTime}
 * @param tries how often it tried again: to find out where the primary is, to connect and to write
 */
public record WriteGap(String before, String after, long last, long first, int tries) {
    /** How long it was. */
    public Duration length() {
        return Duration.ofNanos(first - last);
    }
}
