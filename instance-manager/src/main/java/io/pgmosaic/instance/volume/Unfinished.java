package io.pgmosaic.instance.volume;

/** Work on the data that was begun and not ended; written before it begins, so that a crash in its middle is known after. */
public enum Unfinished {
    NOTHING,
    /** It may still be a standby's data, or already be on the new timeline; never started but by a promote. */
    PROMOTION,
    /** The data may be half rewritten; never started, cloned anew. */
    REWIND,
    /** The data is to be thrown away, or is being copied; never started. */
    CLONE
}
