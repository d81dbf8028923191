package io.pgmosaic.protocol.topology;

/** How far a migration is on a shard. Each stage has all that the ones before it have. */
public enum SchemaStage {
    /** Nothing of it may be relied on. */
    NONE,
    /** What expand adds is there. */
    EXPANDED,
    /** The rows that there were are filled, too. */
    FILLED,
    /** What contract takes away is gone. */
    COMPLETE
}
