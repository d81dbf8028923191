package io.pgmosaic.router.consistency;

import io.pgmosaic.protocol.instance.LogPosition;
import org.jspecify.annotations.Nullable;

/**
 * What one session did on one shard. Used under the lock of its stripe.
 *
 * <p>Each lookup for a write is one write whose position is not known until it is reported. They are counted, since requests of
 * one session run at the same time, and the report of one says nothing of another; the same for reads.
 */
final class SessionMemory {
    private final Unreported writes = new Unreported();
    private final Unreported reads = new Unreported();
    private @Nullable LogPosition written;
    private @Nullable LogPosition read;
    private boolean used;
    private long usedAt;
    private @Nullable String readFrom;
    private long readInTerm;

    void writes(long window, long now) {
        use(now);
        writes.add(window, now);
    }

    void wrote(LogPosition position, long window, long now) {
        use(now);
        written = Positions.both(written, position);
        writes.reported(window, now);
    }

    /** @param instance null for the primary, at which it then stays until it reports */
    void reads(@Nullable String instance, long term, long window, long now) {
        use(now);
        reads.add(window, now);
        readFrom = instance;
        readInTerm = term;
    }

    void read(LogPosition position, long window, long now) {
        use(now);
        read = Positions.both(read, position);
        reads.reported(window, now);
    }

    /** @param unknown what a session demands that did what nobody remembers */
    ReadDemand ownWrites(ReadDemand unknown, long window, long now) {
        if (writes.any(window, now)) {
            return ReadDemand.primary(Reason.WRITE_NOT_REPORTED);
        }
        return reported(written, writes, unknown);
    }

    /** @param term the shard's, as the router knows it */
    ReadDemand ownReads(ReadDemand unknown, long term, long window, long now) {
        if (reads.any(window, now)) {
            // In another term the same server may have been given another state.
            return readFrom != null && readInTerm == term
                    ? ReadDemand.staying(readFrom).and(ReadDemand.holding(read))
                    : ReadDemand.primary(Reason.READ_NOT_REPORTED);
        }
        return reported(read, reads, unknown);
    }

    boolean isRecent(long window, long now) {
        return used && now - usedAt < window;
    }

    boolean isReported(long window, long now) {
        return !writes.any(window, now) && !reads.any(window, now);
    }

    @Nullable
    LogPosition lastPosition() {
        return Positions.both(written, read);
    }

    /** The position of a report holds whatever the session did before that. */
    private static ReadDemand reported(@Nullable LogPosition position, Unreported others, ReadDemand unknown) {
        return position == null || others.hasGivenUp()
                ? unknown.and(ReadDemand.holding(position))
                : ReadDemand.holding(position);
    }

    private void use(long now) {
        used = true;
        usedAt = now;
    }
}
