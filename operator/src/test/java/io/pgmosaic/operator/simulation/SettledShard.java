package io.pgmosaic.operator.simulation;

import io.pgmosaic.operator.plan.ShardFacts;

/** A shard of three instances in which all is as declared, for those who want to measure decisions. */
public final class SettledShard {
    private SettledShard() {}

    /** What its operator knows of it. */
    public static ShardFacts facts() {
        return Schedule.settled(Specs.ordinary());
    }
}
