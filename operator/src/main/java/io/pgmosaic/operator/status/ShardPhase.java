package io.pgmosaic.operator.status;

/** A shard, or a cluster, in one word. */
public enum ShardPhase {
    /** Takes writes, and all is as declared. */
    READY("Ready"),
    /** Takes writes, and a change is under way. */
    UPDATING("Updating"),
    /** Takes writes, and something is not as declared. */
    DEGRADED("Degraded"),
    /** Has not taken writes yet, and is on its way. */
    CREATING("Creating"),
    /** Does not take writes. */
    FAILED("Failed");

    private final String word;

    ShardPhase(String word) {
        this.word = word;
    }

    public String word() {
        return word;
    }
}
