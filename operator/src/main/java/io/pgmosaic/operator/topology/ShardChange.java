package io.pgmosaic.operator.topology;

import io.pgmosaic.protocol.topology.Replica;
import io.pgmosaic.protocol.topology.ShardTopology;

import java.util.Objects;

/** How much it matters to a router that a shard is not any more as it was told. */
enum ShardChange {
    /** Nothing but the ages of what was told is different, and those a router counts on by itself. */
    NONE,
    /**
     * The log went on and replicas are about as far behind as before or closer, or the shard was measured again: what was told is
     * still safe to act on.
     */
    PROGRESS,
    /** Other servers, another term, or a replica that fell behind. */
    URGENT;

    /** A lag that grew by less comes with the next regular news. */
    private static final long LAG_MILLIS = 250;

    static ShardChange between(ShardTopology before, ShardTopology after) {
        boolean sameServers = before.term() == after.term()
                && Objects.equals(before.primary(), after.primary())
                && Objects.equals(before.reason(), after.reason())
                && before.replicas().size() == after.replicas().size();
        if (!sameServers) {
            return URGENT;
        }
        boolean moved =
                !Objects.equals(before.written(), after.written()) || !Objects.equals(before.size(), after.size());
        for (int i = 0; i < after.replicas().size(); i++) {
            Replica was = before.replicas().get(i);
            Replica is = after.replicas().get(i);
            if (!was.server().equals(is.server()) || hasFallenBehind(was, is)) {
                return URGENT;
            }
            moved |= !Objects.equals(was.lagMillis(), is.lagMillis()) || !Objects.equals(was.replayed(), is.replayed());
        }
        return moved ? PROGRESS : NONE;
    }

    /** Also when its position is lower than it was: it was started again from an older state. */
    private static boolean hasFallenBehind(Replica was, Replica is) {
        if (was.replayed() != null && (is.replayed() == null || is.replayed().compareTo(was.replayed()) < 0)) {
            return true;
        }
        Long before = was.lagMillis();
        Long after = is.lagMillis();
        return before != null && (after == null || after > before + LAG_MILLIS);
    }
}
