package io.pgmosaic.protocol.instance;

import org.jspecify.annotations.Nullable;

/**
 * What a standby's manager tells the manager of the instance that it follows, about twice a second.
 *
 * @param from the standby
 * @param promisedTerm the highest term that it has promised; a primary of a lower one stops
 * @param token of the last answer; null before the first
 */
public record Heartbeat(
        InstanceIdentity from, long promisedTerm, @Nullable Long token) {

    /**
     * The answer.
     *
     * @param promisedTerm of the answering instance
     * @param primaryTerm the term in which PostgreSQL runs there as the primary and answers; 0 when it does not
     * @param token see {@link LeaseState#token}
     */
    public record Answer(long promisedTerm, long primaryTerm, long token) {}
}
