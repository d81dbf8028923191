package io.pgmosaic.instance.lease;

import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;

/** Until when, by whom, it is known that a term is the highest one. Times are in nanoseconds of the monotonic clock. */
final class Confirmations {
    /** More names than a shard can have members; each is a few bytes that a peer makes us keep. */
    private static final int MOST_PEERS = 64;

    private final Map<String, Long> peers = new LinkedHashMap<>();
    private final long granted;
    private long operator;

    Confirmations(long granted) {
        this.granted = granted;
        this.operator = granted;
    }

    void byOperator(long at) {
        if (at - operator > 0) {
            operator = at;
        }
    }

    void byPeer(String peer, long at) {
        Long before = peers.get(peer);
        if (before == null || at - before > 0) {
            peers.remove(peer);
            if (peers.size() == MOST_PEERS) {
                peers.remove(peers.keySet().iterator().next());
            }
            peers.put(peer, at);
        }
    }

    /** Whether the operator, or a majority of so many members, confirmed it after the grant. */
    boolean anySinceGrant(int members) {
        return latest(members) - granted > 0;
    }

    /**
     * The latest moment of which the operator, or a majority of so many members with this one among them, confirmed it; not
     * before the grant.
     */
    long latest(int members) {
        int needed = members / 2;
        long byMajority = needed == 0 || peers.size() < needed
                ? granted
                : peers.values().stream()
                        .sorted(Comparator.comparingLong((Long at) -> at - granted)
                                .reversed())
                        .skip(needed - 1L)
                        .findFirst()
                        .orElse(granted);
        return byMajority - operator > 0 ? byMajority : operator;
    }
}
