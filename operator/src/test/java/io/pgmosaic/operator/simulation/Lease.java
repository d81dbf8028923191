package io.pgmosaic.operator.simulation;

import java.util.Arrays;

/**
 * Until when a primary may serve, by its own clock: so long after the latest moment of which the operator, or a majority of
 * the shard with this instance among it, has said that the term is the highest.
 */
final class Lease {
    private final long[] peers = new long[Shard.MOST];
    private long granted;
    private long operator;
    long term;
    long millis;
    int members;

    void grant(long ofTerm, long now) {
        term = ofTerm;
        granted = now;
        operator = now;
        Arrays.fill(peers, Long.MIN_VALUE);
    }

    void rules(long length, int of) {
        millis = length;
        members = of;
    }

    void byOperator(long at) {
        operator = Math.max(operator, at);
    }

    void byPeer(int peer, long at) {
        peers[peer] = Math.max(peers[peer], at);
    }

    /** Whether somebody has confirmed it since it was granted: the command that it came with may have been late. */
    boolean isConfirmed() {
        return millis == 0 || members <= 1 || latest() > granted;
    }

    boolean isOver(long now) {
        return millis > 0 && members > 1 && latest() + millis <= now;
    }

    private long latest() {
        long[] sorted = peers.clone();
        Arrays.sort(sorted);
        long byMajority = sorted[sorted.length - members / 2];
        return Math.max(Math.max(byMajority, granted), operator);
    }
}
