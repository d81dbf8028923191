package io.pgmosaic.router.consistency;

import io.pgmosaic.protocol.instance.LogPosition;
import org.jspecify.annotations.Nullable;

/** What it takes to hold a position, and to hold two. */
final class Positions {
    private Positions() {}

    /**
     * Whether a server that has replayed its timeline up to {@code replayed} holds everything that was acknowledged up to
     * {@code position}. A term's timeline begins with all that was acknowledged in the terms before, at the same places.
     */
    static boolean holds(LogPosition replayed, LogPosition position) {
        return position.timeline() <= replayed.timeline() && position.lsn().compareTo(replayed.lsn()) <= 0;
    }

    /**
     * The least position that holds both; null when there is neither. That is not the later one: a standby that follows a new
     * term may still be replaying what was written in the one before, behind the place that another one was seen to have.
     */
    static @Nullable LogPosition both(@Nullable LogPosition one, @Nullable LogPosition other) {
        if (one == null || other == null) {
            return one == null ? other : one;
        }
        return join(one, other);
    }

    static LogPosition join(LogPosition one, LogPosition other) {
        return new LogPosition(
                Math.max(one.timeline(), other.timeline()),
                one.lsn().compareTo(other.lsn()) >= 0 ? one.lsn() : other.lsn());
    }
}
