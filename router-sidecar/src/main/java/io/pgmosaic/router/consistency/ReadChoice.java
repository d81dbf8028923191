package io.pgmosaic.router.consistency;

import io.pgmosaic.protocol.instance.LogPosition;
import io.pgmosaic.protocol.topology.ReplicaChoice;
import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.random.RandomGenerator;

/**
 * Which server of a shard serves a read. Pure but for what it reads of loads.
 *
 * <pre>
 * 1. a position of a later term than the router knows   -> none: also the primary may be one of a term that is over
 * 2. the demand is for the primary                      -> the primary
 * 3. the replicas that meet the demand; of those whose lag is known if there are any
 *      LEAST_LAG     -> the first one, in the order given, in which near ones are before others
 *      LEAST_LOADED  -> of two at random the one with less load; two near ones if there are any
 * 4. none does                                          -> the primary, with the reason why no replica does
 * </pre>
 */
public final class ReadChoice {
    private ReadChoice() {}

    /**
     * @param replica its place in the list; negative when it is none of them
     * @param reason null for a replica
     */
    public record Choice(int replica, @Nullable Reason reason) {}

    private static final int NONE = -1;

    /**
     * @param replicas from the one to prefer to the one to use last
     * @param term the shard's, as the router knows it
     * @param toldMillisAgo as in {@link ReplicaState#lagMillis}
     * @param now by {@link System#nanoTime}
     */
    public static Choice choose(
            List<ReplicaState> replicas,
            long term,
            ReplicaChoice policy,
            ReadDemand demand,
            long toldMillisAgo,
            long now,
            RandomGenerator random) {
        LogPosition position = demand.position();
        if (position != null && position.timeline() > term) {
            return new Choice(NONE, Reason.TERM_AHEAD);
        }
        if (demand.primary() != null) {
            return new Choice(NONE, demand.primary());
        }
        int first = NONE;
        int chosen = NONE;
        int met = 0;
        boolean near = false;
        for (int i = 0; i < replicas.size(); i++) {
            ReplicaState replica = replicas.get(i);
            long lag = replica.lagMillis(toldMillisAgo, now);
            if (!meets(replica, lag, demand, now)) {
                continue;
            }
            first = first == NONE ? i : first;
            if (lag != ReplicaState.UNKNOWN) {
                if (policy == ReplicaChoice.LEAST_LAG) {
                    return new Choice(i, null);
                }
                if (replica.near() && !near) {
                    near = true;
                    met = 0;
                }
                if (replica.near() == near) {
                    met++;
                    chosen = met == 1 || random.nextInt(met) == 0 ? i : chosen;
                }
            }
        }
        if (met > 1) {
            chosen = lessLoaded(replicas, demand, toldMillisAgo, now, chosen, random.nextInt(met - 1));
        }
        int replica = chosen == NONE ? first : chosen;
        return replica == NONE ? new Choice(NONE, why(replicas, demand)) : new Choice(replica, null);
    }

    /** Of {@code one} and the {@code nth} other one that meets the demand and is as near. */
    private static int lessLoaded(
            List<ReplicaState> replicas, ReadDemand demand, long toldMillisAgo, long now, int one, int nth) {
        int skipped = 0;
        for (int i = 0; i < replicas.size(); i++) {
            ReplicaState replica = replicas.get(i);
            long lag = replica.lagMillis(toldMillisAgo, now);
            if (i != one
                    && replica.near() == replicas.get(one).near()
                    && lag != ReplicaState.UNKNOWN
                    && meets(replica, lag, demand, now)
                    && skipped++ == nth) {
                return Load.isLess(replica.load(), replicas.get(one).load(), now) ? i : one;
            }
        }
        return one;
    }

    private static boolean meets(ReplicaState replica, long lag, ReadDemand demand, long now) {
        LogPosition position = demand.position();
        String instance = demand.instance();
        // An unknown lag is larger than every bound, and no larger than no bound.
        return lag <= demand.maxLagMillis()
                && (position == null || replica.has(position, now))
                && (instance == null || instance.equals(replica.server().instance()));
    }

    private static Reason why(List<ReplicaState> replicas, ReadDemand demand) {
        if (replicas.isEmpty()) {
            return Reason.NO_REPLICA;
        }
        if (demand.instance() != null) {
            return Reason.READ_NOT_REPORTED;
        }
        return demand.position() != null ? Reason.POSITION : Reason.LAG;
    }
}
