package io.pgmosaic.operator.observe;

import io.pgmosaic.operator.ClusterKey;

import java.time.Instant;
import java.util.OptionalLong;

/** Which terms may be confirmed to their primaries. */
@FunctionalInterface
public interface TermConfirmations {
    /**
     * The term to be confirmed to the instance; empty for an instance that is no recorded primary, and when it is not proven
     * that the term was the shard's at some moment after the token was received.
     *
     * @param tokenReceivedAt by the observer's clock
     */
    OptionalLong confirmed(ClusterKey cluster, String instance, Instant tokenReceivedAt);
}
