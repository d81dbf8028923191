package io.pgmosaic.operator.status;

/** A shard, or a cluster, in one word; the worse the later. */
public enum ShardPhase {
    /** Takes writes, and all is as declared. */
    READY("Ready"),
    /** Takes writes, and a change is under way. */
    UPDATING("Updating"),
    /** Takes writes, and something is not as declared. */
    DEGRADED("Degraded"),
    /** Has not taken writes yet, and is on its way. */
    CREATING("Creating"),
    /** The primary hands over to another in good order; nobody takes writes for a moment. */
    SWITCHING_OVER("SwitchingOver"),
    /** The primary is lost; another is being found and made, and nothing stands in the way. */
    FAILING_OVER("FailingOver"),
    /** Does not take writes, and nothing says that it will by itself and soon. */
    FAILED("Failed");

    private final String word;

    ShardPhase(String word) {
        this.word = word;
    }

    public String word() {
        return word;
    }

    /** Whether it is worth a warning that a shard has come to this. */
    public boolean isAlarming() {
        return this == DEGRADED || this == FAILING_OVER || this == FAILED;
    }
}
