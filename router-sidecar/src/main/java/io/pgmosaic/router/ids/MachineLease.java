package io.pgmosaic.router.ids;

import io.pgmosaic.protocol.topology.MachineIdGrant;
import org.jspecify.annotations.Nullable;

import java.time.Clock;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * The machine number that this router may use, and how long: by the monotonic clock, from before it was asked for, so that a
 * slow answer or a changed time of day does not make it longer. Thread-safe.
 */
final class MachineLease {
    private final Clock clock;
    private final LongSupplier nanos;
    private @Nullable Snowflakes snowflakes;
    private long endsAt;
    private String absence = "the first one is being asked for";

    /** @param nanos the monotonic clock */
    MachineLease(Clock clock, LongSupplier nanos) {
        this.clock = clock;
        this.nanos = nanos;
    }

    /**
     * Takes a number, or keeps the one it had for longer.
     *
     * @param askedAt by the monotonic clock, before the request was sent
     */
    synchronized void granted(MachineIdGrant grant, long askedAt) {
        long first = Snowflakes.tick(grant.notBefore());
        if (snowflakes == null) {
            snowflakes = new Snowflakes(grant.machineId(), first, grant.notAfter());
        } else if (snowflakes.machineId() == grant.machineId()) {
            snowflakes.extend(first, grant.notAfter());
        } else {
            // Ids of the same millisecond would not grow with another number, so they begin with the next one.
            long following = Math.ceilDiv(snowflakes.nextTick(), Snowflakes.TICKS_PER_MILLI);
            snowflakes = new Snowflakes(
                    grant.machineId(), Math.max(first, following * Snowflakes.TICKS_PER_MILLI), grant.notAfter());
        }
        endsAt = askedAt + TimeUnit.MILLISECONDS.toNanos(grant.leaseMillis());
        absence = "its time is over, and no operator has answered since";
    }

    /** @param reason why there is no other number, for a person */
    synchronized void refused(String reason) {
        absence = reason;
    }

    synchronized Draw draw(int count) {
        if (snowflakes == null || left() <= 0) {
            return new Draw.NoLease(absence);
        }
        return snowflakes.draw(count, clock.millis());
    }

    /** The number that it was given last, for which it asks again; null before the first. */
    synchronized @Nullable Integer machineId() {
        return snowflakes == null ? null : snowflakes.machineId();
    }

    /** How long the number may be used; 0 when there is none. */
    synchronized long leftMillis() {
        return snowflakes == null ? 0 : Math.max(0, TimeUnit.NANOSECONDS.toMillis(left()));
    }

    private long left() {
        return endsAt - nanos.getAsLong();
    }
}
