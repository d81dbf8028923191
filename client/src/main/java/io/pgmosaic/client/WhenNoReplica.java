package io.pgmosaic.client;

/** What becomes of a read when no replica gives what it relies on. */
public enum WhenNoReplica {
    /** The primary serves it. */
    PRIMARY,
    /**
     * It waits for a replica that does, for as long as things are tried again, and fails then. The primary serves no read; where it
     * is not known how far a write went, it is asked that.
     */
    WAIT
}
