package io.pgmosaic.local.chaos;

import io.pgmosaic.api.v1alpha1.split.SplitPhase;

import java.time.Duration;

/**
 * Something that breaks while a shard is split.
 *
 * @param phase of the split in which it breaks
 * @param side whose primary it is, for a kind that happens to one instance
 * @param after how long after the phase was seen to begin
 * @param lasting how long, for a kind that ends; else zero
 */
record SplitFault(SplitPhase phase, Side side, Fault.Kind kind, Duration after, Duration lasting) {
    /** Which of the two shards. */
    enum Side {
        SOURCE,
        TARGET
    }

    /** The same with the shard's number, at once. */
    Fault at(int source, int target) {
        return new Fault(kind, new Fault.Place(side == Side.SOURCE ? source : target, 0), Duration.ZERO, lasting);
    }

    @Override
    public String toString() {
        return phase + ": " + kind + (kind.isLocal() ? " of the " + side + "'s primary" : "")
                + (kind.lasts() ? " for " + lasting.toMillis() + " ms" : "") + ", " + after.toMillis() + " ms in";
    }
}
