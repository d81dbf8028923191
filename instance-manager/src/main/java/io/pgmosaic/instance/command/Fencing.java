package io.pgmosaic.instance.command;

import io.pgmosaic.instance.lease.HeartbeatDesk;
import io.pgmosaic.instance.lease.HeartbeatSender;
import io.pgmosaic.instance.lease.Lease;
import io.pgmosaic.instance.lease.LeaseGuard;
import io.pgmosaic.protocol.instance.LeaseState;
import io.pgmosaic.protocol.instance.UpstreamContact;
import org.jspecify.annotations.Nullable;

import java.util.function.LongSupplier;

/**
 * What keeps an instance from serving in a term that is over, put together.
 *
 * @param clock monotonic nanoseconds
 */
record Fencing(Lease lease, LeaseGuard guard, HeartbeatSender sender, HeartbeatDesk desk, LongSupplier clock) {
    void start() {
        guard.start();
        sender.start();
    }

    /** An operation or a promise may have changed whom it follows. */
    void wake() {
        sender.wake();
        guard.wake();
    }

    void confirm(long term, long token) {
        lease.confirmByOperator(term, token, clock.getAsLong());
    }

    /** Whether somebody has confirmed the primary's term since it was made one, or nobody needs to. */
    boolean isConfirmed() {
        return lease.isConfirmed(clock.getAsLong());
    }

    @Nullable
    UpstreamContact upstream() {
        return sender.upstream();
    }

    @Nullable
    LeaseState leaseState() {
        return lease.state(clock.getAsLong());
    }

    /** Why the manager stopped PostgreSQL by itself; null when it did not. */
    @Nullable
    String reason() {
        return guard.reason();
    }
}
