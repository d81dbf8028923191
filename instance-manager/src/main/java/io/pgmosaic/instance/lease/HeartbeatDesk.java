package io.pgmosaic.instance.lease;

import io.pgmosaic.instance.volume.UnreadableFileException;
import io.pgmosaic.protocol.instance.Heartbeat;
import io.pgmosaic.protocol.instance.InstanceIdentity;

import java.util.Optional;
import java.util.function.LongSupplier;

/** Takes the heartbeats of the shard's other instances. */
public final class HeartbeatDesk {
    private final InstanceIdentity identity;
    private final HeartbeatSender.Stored stored;
    private final Lease lease;
    private final LeaseGuard guard;
    private final LongSupplier servedTerm;
    private final LongSupplier clock;

    /**
     * @param servedTerm see {@link Heartbeat.Answer#primaryTerm}
     * @param clock monotonic nanoseconds
     */
    public HeartbeatDesk(
            InstanceIdentity identity,
            HeartbeatSender.Stored stored,
            Lease lease,
            LeaseGuard guard,
            LongSupplier servedTerm,
            LongSupplier clock) {
        this.identity = identity;
        this.stored = stored;
        this.lease = lease;
        this.guard = guard;
        this.servedTerm = servedTerm;
        this.clock = clock;
    }

    /** @return why it is not for this instance; empty when it is */
    public Optional<String> complaint(Heartbeat heartbeat) {
        InstanceIdentity from = heartbeat.from();
        boolean mate = from.sameShard(identity)
                && from.clusterUid().equals(identity.clusterUid())
                && !from.instance().equals(identity.instance());
        return mate ? Optional.empty() : Optional.of(from + " is no other instance of the shard of " + identity);
    }

    /**
     * @throws UnreadableFileException when this instance does not know what it has promised
     */
    public Heartbeat.Answer take(Heartbeat heartbeat) throws UnreadableFileException {
        lease.hear(heartbeat.from().instance(), heartbeat.promisedTerm(), heartbeat.token(), clock.getAsLong());
        if (lease.remaining(clock.getAsLong()) == 0) {
            guard.wake();
        }
        return new Heartbeat.Answer(
                stored.read().promisedTerm(), servedTerm.getAsLong(), lease.token(clock.getAsLong()));
    }
}
