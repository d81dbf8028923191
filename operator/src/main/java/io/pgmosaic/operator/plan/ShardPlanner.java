package io.pgmosaic.operator.plan;

/** Decides what to do with a shard. */
public final class ShardPlanner {
    private ShardPlanner() {}

    public static ShardPlan plan(ShardFacts facts) {
        return facts.record().systemIdentifier() == null ? Creation.plan(facts) : Upkeep.plan(facts);
    }
}
