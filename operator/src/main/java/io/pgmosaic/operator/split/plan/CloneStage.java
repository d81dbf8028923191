package io.pgmosaic.operator.split.plan;

/** How far a target is that begins with the source's data. */
public enum CloneStage {
    /** Its rows are copied, or it is a shard like any other by now. */
    NONE,
    /** The source's data is copied to it, or it is far behind, or it lacks changes from before those that the slot keeps. */
    FOLLOWING,
    /** It follows closely and has all from before what the slot keeps. */
    NEAR,
    /** It is to follow no more, and is not a primary yet. */
    CUT,
    /** It is a primary whose database still takes itself for the source. */
    FOREIGN,
    /** It is a shard of its own, with rows that are not to be its own. */
    PRUNING
}
