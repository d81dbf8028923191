package io.pgmosaic.operator.observe;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;

/** Begins at the time of day and then goes on evenly, whatever the time of day is set to: good for durations alone. */
public final class MonotonicClock extends Clock {
    private final ZoneId zone;
    private final Instant begun;
    private final long nanos;

    public MonotonicClock() {
        this(ZoneOffset.UTC, Instant.now(), System.nanoTime());
    }

    private MonotonicClock(ZoneId zone, Instant begun, long nanos) {
        this.zone = zone;
        this.begun = begun;
        this.nanos = nanos;
    }

    @Override
    public ZoneId getZone() {
        return zone;
    }

    @Override
    public Clock withZone(ZoneId other) {
        return new MonotonicClock(other, begun, nanos);
    }

    @Override
    public Instant instant() {
        return begun.plusNanos(System.nanoTime() - nanos);
    }
}
