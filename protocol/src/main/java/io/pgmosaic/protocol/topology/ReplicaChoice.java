package io.pgmosaic.protocol.topology;

/** Which one of the replicas that meet a read's guarantee serves it. */
public enum ReplicaChoice {
    /** The one that is the least behind. */
    LEAST_LAG,
    /** Of two at random, the one that this router has sent less to lately. */
    LEAST_LOADED
}
