package io.pgmosaic.operator.split.plan;

/**
 * The changes of one shard on their way to the other.
 *
 * @param hasSlot whether the sender keeps what the receiver has not confirmed; without a slot changes are lost
 * @param isLost whether there was a slot, and the sender has thrown away what it was for
 * @param hasSubscription whether the receiver knows of the stream
 * @param isEnabled whether the receiver asks for changes
 * @param isFlowing whether changes come now
 * @param lagBytes of the sender's log that the receiver has not applied
 * @param trouble why nothing flows, for a person; empty when nothing is known
 */
public record StreamFacts(
        boolean hasSlot,
        boolean isLost,
        boolean hasSubscription,
        boolean isEnabled,
        boolean isFlowing,
        long lagBytes,
        String trouble) {
    /** One that was never made. */
    public static StreamFacts none() {
        return new StreamFacts(false, false, false, false, false, 0, "");
    }

    boolean isGone() {
        return !hasSlot && !hasSubscription;
    }
}
