package io.pgmosaic.operator.split.plan;

/**
 * What the shard that does not have the keys says of its rows of them.
 *
 * @param isDone whether it has a whole copy, as of the beginning of a stream
 * @param isIndexed whether its tables have their indexes and constraints
 * @param isVerified whether the rows were compared and found equal
 * @param verifiedSenderTerm of the shard that has the keys, at the comparison
 * @param verifiedReceiverTerm of this one
 */
public record CopyFacts(
        boolean isDone, boolean isIndexed, boolean isVerified, long verifiedSenderTerm, long verifiedReceiverTerm) {
    /** That of a shard which knows nothing of the split. */
    public static CopyFacts none() {
        return new CopyFacts(false, false, false, 0, 0);
    }

    /** A failover of either side can lose what was applied or sent, so a comparison counts for the terms that it was made in. */
    boolean isVerifiedIn(long senderTerm, long receiverTerm) {
        return isDone && isVerified && verifiedSenderTerm == senderTerm && verifiedReceiverTerm == receiverTerm;
    }
}
