package io.pgmosaic.operator.split.plan;

/**
 * What is seen of one target and of the source for it.
 *
 * @param atTarget the target's rows, while the source has the keys
 * @param atSource the source's, while the target has them
 * @param forward the source's changes on their way to the target
 * @param reverse the target's on their way to the source
 * @param cloneStage how far the target is, if it begins with the source's data
 */
public record PartFacts(
        SideFacts source,
        SideFacts target,
        CopyFacts atTarget,
        CopyFacts atSource,
        StreamFacts forward,
        StreamFacts reverse,
        CloneStage cloneStage) {
    /** Of a part whose target begins empty. */
    public PartFacts(
            SideFacts source,
            SideFacts target,
            CopyFacts atTarget,
            CopyFacts atSource,
            StreamFacts forward,
            StreamFacts reverse) {
        this(source, target, atTarget, atSource, forward, reverse, CloneStage.NONE);
    }

    String name() {
        return target.shard();
    }

    /** Seen from whoever has the keys. */
    Direction direction(boolean switched) {
        return switched
                ? new Direction(this, target, source, atSource, reverse, forward)
                : new Direction(this, source, target, atTarget, forward, reverse);
    }

    /**
     * A part, seen from the shard that has the keys.
     *
     * @param go the stream from it
     * @param back the stream to it
     */
    record Direction(
            PartFacts part, SideFacts sender, SideFacts receiver, CopyFacts copy, StreamFacts go, StreamFacts back) {
        boolean isVerified() {
            return copy.isVerifiedIn(sender.term(), receiver.term());
        }
    }
}
