package io.pgmosaic.router.consistency;

import io.pgmosaic.protocol.instance.LogPosition;
import org.jspecify.annotations.Nullable;

/**
 * What one read demands of the server that serves it.
 *
 * @param maxLagMillis how old its data may be; {@link #ANY_LAG} for no limit
 * @param position what it must hold; null for nothing
 * @param instance the only replica that may serve it; null for any
 * @param primary why none but the primary may serve it; null when a replica may
 */
public record ReadDemand(
        long maxLagMillis,
        @Nullable LogPosition position,
        @Nullable String instance,
        @Nullable Reason primary) {
    public static final long ANY_LAG = Long.MAX_VALUE;
    public static final ReadDemand NOTHING = new ReadDemand(ANY_LAG, null, null, null);

    public static ReadDemand bounded(long maxLagMillis) {
        return new ReadDemand(maxLagMillis, null, null, null);
    }

    /** @param position null demands nothing */
    public static ReadDemand holding(@Nullable LogPosition position) {
        return position == null ? NOTHING : new ReadDemand(ANY_LAG, position, null, null);
    }

    static ReadDemand primary(Reason reason) {
        return new ReadDemand(ANY_LAG, null, null, reason);
    }

    static ReadDemand staying(String instance) {
        return new ReadDemand(ANY_LAG, null, instance, null);
    }

    /** Both; of two reasons for the primary this one's, and of two instances too. */
    ReadDemand and(ReadDemand other) {
        return new ReadDemand(
                Math.min(maxLagMillis, other.maxLagMillis),
                Positions.both(position, other.position),
                instance == null ? other.instance : instance,
                primary == null ? other.primary : primary);
    }
}
