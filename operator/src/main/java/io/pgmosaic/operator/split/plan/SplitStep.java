package io.pgmosaic.operator.split.plan;

/** What is to be done next. Each can be done again when nobody knows whether it was done. */
public sealed interface SplitStep {
    /** Nothing can be done until something else happens. */
    record Wait(String why) implements SplitStep {}

    /** A shard cannot be used now. Nothing is known of its rows meanwhile, so the split stays in the phase that it was in. */
    record AwaitShard(String why) implements SplitStep {}

    /** Gives the targets the source's tables, and has changes of the schema refused on all sides. */
    record PrepareSchema() implements SplitStep {}

    /**
     * Has the source refuse changes of its schema, and keep its changes of the moving rows for a clone to come.
     *
     * @param anew whether what was kept before is lost
     */
    record PrepareClone(String target, boolean anew) implements SplitStep {}

    /** Records that the clone follows the source no more: it becomes a shard of its own. */
    record CutClone(String target) implements SplitStep {}

    /** Has the clone's database know which shard it is, and that it owns nothing. */
    record AdoptClone(String target) implements SplitStep {}

    /** Deletes the clone's rows that do not move; then it is a whole copy. */
    record PruneClone(String target) implements SplitStep {}

    /** Copies the rows of the keys to the shard that does not have them. */
    record Copy(String target) implements SplitStep {}

    /** Makes the indexes and constraints of the copied tables. */
    record CompleteSchema(String target) implements SplitStep {}

    /** Lets changes flow from the shard that has the keys. */
    record BeginStream(String target) implements SplitStep {}

    /** Compares all moving rows at one position of the log. */
    record Verify(String target) implements SplitStep {}

    /** Makes the stream by which changes will come back, and does not let it flow. */
    record PrepareWayBack(String target) implements SplitStep {}

    /** Hands the keys over: to the targets, or back to the source. */
    record HandOver() implements SplitStep {}

    /** A cut-over was begun and not ended: only a later map ends it. */
    record ThawByNewMap() implements SplitStep {}

    /** Ends the stream that brought changes to the shard that has the keys now. */
    record EndEarlierStream(String target) implements SplitStep {}

    /** Records, in a new map version, that whoever has the keys keeps them. */
    record Finish() implements SplitStep {}

    /** Takes the streams away, at every side that stays. */
    record EndStreams(String target) implements SplitStep {}

    /**
     * Ends what the split does to a side that stays: the last of it is that changes of the schema are let through again.
     *
     * @param prune whether rows are taken away first that the source does not own any more
     */
    record Release(boolean prune) implements SplitStep {}

    /** Ends the record of the split; shards that own nothing are removed. */
    record Forget() implements SplitStep {}
}
