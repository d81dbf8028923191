package io.pgmosaic.routing.hash;

import io.pgmosaic.routing.key.KeyValue;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.SplittableRandom;

/** Times between the years 1 and 9999, half of them near 2026. */
public final class RandomTime {
    private static final Instant NEAR = Instant.parse("2026-01-01T00:00:00Z");
    private static final Instant FIRST = Instant.parse("0001-01-01T00:00:00Z");
    private static final Instant LAST = Instant.parse("9999-12-31T23:59:59.999999Z");
    private static final long NEAR_MICROS = ChronoUnit.DAYS.getDuration().toSeconds() * 400 * 1_000_000;

    private RandomTime() {}

    public static KeyValue.Timestamp next(SplittableRandom random) {
        Instant time = random.nextBoolean()
                ? NEAR.plus(random.nextLong(-NEAR_MICROS, NEAR_MICROS), ChronoUnit.MICROS)
                : FIRST.plus(random.nextLong(FIRST.until(LAST, ChronoUnit.MICROS)), ChronoUnit.MICROS);
        return new KeyValue.Timestamp(time);
    }
}
