package io.pgmosaic.checker;

import org.jspecify.annotations.Nullable;

/**
 * One thing that a client did. Times are those of {@link System#nanoTime}.
 *
 * @param client number of the client, which did one thing at a time
 * @param key the sharding key
 * @param began before the router was asked
 * @param ended when the outcome was known, or the client gave up waiting for it
 * @param shard the key's, as the router told it; the client's own when it did not
 * @param seen what the transaction saw of the server; null when it did not get that far
 * @param problem why it was not acknowledged; null when it was
 */
public record Operation(
        int client,
        Action action,
        long key,
        long began,
        long ended,
        Outcome outcome,
        String shard,
        @Nullable Seen seen,
        @Nullable String problem) {

    /** What was wanted. */
    public sealed interface Action {
        /** A new row with an id of its own. */
        record Insert(long id) implements Action {}

        /** The register is set, whatever it was. */
        record Write(long value) implements Action {}

        /** The register was seen to be {@code expected} by a transaction that held its lock and set it to {@code value}. */
        record Swap(@Nullable Long expected, long value) implements Action {}

        /** The register was read; null when it was not there yet. */
        record Read(@Nullable Long value) implements Action {}
    }

    /** What the client knows of it. */
    public enum Outcome {
        ACKNOWLEDGED,
        /** It has not taken effect and never will. */
        FAILED,
        /** It may have taken effect, or may do so later. */
        UNKNOWN
    }

    /**
     * The server as the transaction saw it from inside.
     *
     * @param term its {@code mosaic.term}
     * @param instance its {@code cluster_name}
     * @param at when the client had this answer
     */
    public record Seen(long term, String instance, long at) {}

    public boolean isWrite() {
        return !(action instanceof Action.Read);
    }

    public boolean isAcknowledged() {
        return outcome == Outcome.ACKNOWLEDGED;
    }
}
