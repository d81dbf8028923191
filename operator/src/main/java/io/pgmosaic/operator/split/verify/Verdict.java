package io.pgmosaic.operator.split.verify;

import org.postgresql.replication.LogSequenceNumber;

import java.util.List;

/** How a comparison ended. */
public sealed interface Verdict {
    /**
     * All is equal, and {@code mosaic.moving} of the receiver says so.
     *
     * @param rows compared, with those that an earlier comparison of the same copy has compared
     * @param repaired how many rows were made equal on the way
     * @param position of the sender's log, at which the last table was compared
     */
    record Verified(long rows, long repaired, LogSequenceNumber position) implements Verdict {}

    /**
     * A table differs, and was not to be repaired, or cannot be.
     *
     * @param differences of which the key is told, the first few
     * @param count how many rows differ
     * @param isComplete false when there may be more than {@code count}
     * @param reason why it was not repaired, for a person
     */
    record Different(List<RowDifference> differences, long count, boolean isComplete, String reason)
            implements Verdict {
        public Different {
            differences = List.copyOf(differences);
        }
    }

    /** It was compared for a state of the split that is over: another copy, another term. Compare again. */
    record Outdated(String reason) implements Verdict {}

    record Cancelled() implements Verdict {}
}
