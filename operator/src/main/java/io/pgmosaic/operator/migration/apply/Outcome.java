package io.pgmosaic.operator.migration.apply;

/** What became of a step on a shard. Each message is for a person. */
public sealed interface Outcome {
    /** All of it is done and recorded. */
    record Done() implements Outcome {}

    /** It cannot go on now, and nobody has to do anything: it is to be tried again. */
    record Deferred(String why) implements Outcome {}

    /** The server refuses a statement, and nothing of that one is left; it is tried again when somebody may have changed something. */
    record Failed(String why) implements Outcome {}
}
