package io.pgmosaic.operator.instance;

import io.pgmosaic.protocol.instance.InstanceStatus;
import org.jspecify.annotations.Nullable;

/**
 * How a status is asked for.
 *
 * @param seen what was seen last, {@code <bootId>:<changes>}; null to be answered at once
 * @param waitMillis how long the instance may wait for a change after it
 * @param confirmTerm the shard's term, which the operator that leads confirms; null to confirm nothing
 * @param token of the lease that the last status told; null when it told none
 */
public record StatusRequest(
        @Nullable String seen,
        int waitMillis,
        @Nullable Long confirmTerm,
        @Nullable Long token) {
    /** The status as it is, with nothing confirmed. */
    public static final StatusRequest NOW = new StatusRequest(null, 0, null, null);

    /** The next question after this status, or the first when it is null, with nothing confirmed. */
    public static StatusRequest after(@Nullable InstanceStatus last, int waitMillis) {
        return last == null
                ? NOW
                : new StatusRequest(
                        waitMillis > 0 ? last.bootId() + ":" + last.changes() : null, waitMillis, null, null);
    }

    /** The same question, with the term confirmed. */
    public StatusRequest confirming(long term, long leaseToken) {
        return new StatusRequest(seen, waitMillis, term, leaseToken);
    }

    /** What follows the path; nothing in it needs to be escaped. */
    String query() {
        StringBuilder query = new StringBuilder();
        if (seen != null) {
            query.append("&seen=").append(seen).append("&waitMillis=").append(waitMillis);
        }
        if (confirmTerm != null && token != null) {
            query.append("&term=").append(confirmTerm).append("&token=").append(token);
        }
        return query.isEmpty() ? "" : "?" + query.substring(1);
    }
}
