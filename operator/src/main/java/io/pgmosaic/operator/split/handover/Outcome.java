package io.pgmosaic.operator.split.handover;

import io.pgmosaic.api.v1alpha1.cluster.ShardedCluster;

/** How an attempt to hand keys over ended. */
public sealed interface Outcome {
    /**
     * The keys have changed hands.
     *
     * @param pauseMillis for how long, at most, no shard took writes of the moving keys
     * @param cluster as it is stored now
     */
    record Done(long pauseMillis, ShardedCluster cluster) implements Outcome {}

    /** Nothing was changed. */
    record NotNow(String why) implements Outcome {}

    /**
     * It was begun and given up: a new version of the map ends what was frozen.
     *
     * @param pauseMillis for how long, at most, no shard took writes of the moving keys
     */
    record GivenUp(String why, long pauseMillis) implements Outcome {}
}
