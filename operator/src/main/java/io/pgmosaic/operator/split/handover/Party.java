package io.pgmosaic.operator.split.handover;

import io.pgmosaic.operator.split.SplitNames;
import io.pgmosaic.routing.guard.GuardChange;

import java.sql.Connection;
import java.util.List;

/**
 * One part, seen from the shard that has the keys.
 *
 * @param names of its objects
 * @param sender has the keys
 * @param receiver is to have them
 * @param wayBack the slot at the receiver for what comes back later
 */
public record Party(SplitNames names, Side sender, Side receiver, String wayBack) {
    /**
     * One of the two shards.
     *
     * @param session of the superuser, at its primary
     * @param freezing its tables, for a sender; empty for a receiver
     * @param opening its tables with the guards of the next map
     */
    public record Side(
            String shard, Connection session, List<GuardChange.Freezing> freezing, List<GuardChange.Guarded> opening) {
        public Side {
            freezing = List.copyOf(freezing);
            opening = List.copyOf(opening);
        }
    }
}
