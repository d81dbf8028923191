package io.pgmosaic.operator.plan;

/** What the spec has put out of service. */
final class Fencing {
    private Fencing() {}

    /** Whether the instance is to be stopped and to take no part. */
    static boolean isFenced(ShardFacts facts, String instance) {
        return facts.spec().fencing().instances().contains(instance);
    }

    /** Whether the shard's primary is to keep applications out. */
    static boolean isShardFenced(ShardFacts facts) {
        return facts.spec().fencing().shards().contains(facts.identity().shard());
    }
}
