package io.pgmosaic.checker;

import java.time.Duration;
import java.time.Instant;

/**
 * What the two clocks showed at one moment, to tell the time of day of what {@link System#nanoTime} was taken of.
 *
 * @param nanos {@link System#nanoTime}
 */
record Clocks(Instant time, long nanos) {
    static Clocks now() {
        return new Clocks(Instant.now(), System.nanoTime());
    }

    Instant timeOf(long moment) {
        return time.plus(Duration.ofNanos(moment - nanos));
    }
}
