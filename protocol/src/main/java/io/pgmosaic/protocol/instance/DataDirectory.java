package io.pgmosaic.protocol.instance;

import org.jspecify.annotations.Nullable;

/**
 * What is on the data volume.
 *
 * @param systemIdentifier as {@code pg_controldata} prints it; null unless {@code PRESENT}
 * @param majorVersion of PostgreSQL that wrote it; null when unknown
 * @param storedIdentity whose data it is, by the file that bootstrap or follow wrote; null when none was written
 * @param message what is wrong, for a person; null when nothing is
 */
public record DataDirectory(
        State state,
        @Nullable String systemIdentifier,
        @Nullable Integer majorVersion,
        @Nullable InstanceIdentity storedIdentity,
        @Nullable String message) {
    public enum State {
        EMPTY,
        /** An initdb or base backup was cut short; the next bootstrap or follow starts it over. */
        INCOMPLETE,
        PRESENT,
        /** Written by another major version than the image's. */
        INCOMPATIBLE,
        /** Files that are no PostgreSQL data directory; never overwritten. */
        UNKNOWN,
        /** The volume cannot be read or written. */
        UNREADABLE
    }

    /** The same data, which is recorded to be of this instance. */
    public DataDirectory withStoredIdentity(@Nullable InstanceIdentity identity) {
        return new DataDirectory(state, systemIdentifier, majorVersion, identity, message);
    }
}
