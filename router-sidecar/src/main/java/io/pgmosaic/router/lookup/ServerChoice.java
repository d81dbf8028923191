package io.pgmosaic.router.lookup;

import io.pgmosaic.protocol.topology.Replica;
import io.pgmosaic.protocol.topology.ShardTopology;
import org.jspecify.annotations.Nullable;

import java.util.Comparator;
import java.util.List;

/**
 * Which server of a shard to use. A read goes to a replica within the cluster's limit, to one of the own zone rather than to
 * another, and to the least-lagging of those; else to the primary. A write goes to the primary. Pure.
 */
final class ServerChoice {
    private final long maxReplicaLagMillis;
    private final @Nullable String zone;
    private final Comparator<Replica> preference;

    /**
     * @param salt differs from router to router, so that replicas with equal lag share the reads of many routers instead
     *     of the first one serving them all
     * @param zone where this router is; null when unknown
     */
    ServerChoice(long maxReplicaLagMillis, int salt, @Nullable String zone) {
        this.maxReplicaLagMillis = maxReplicaLagMillis;
        this.zone = zone;
        this.preference = Comparator.<Replica, Boolean>comparing(replica -> replica.lagMillis() == null)
                .thenComparing(replica -> !isNear(replica.server().zone()))
                .thenComparingLong(ServerChoice::lag)
                .thenComparingInt(replica -> mix(replica.server().instance().hashCode() ^ salt))
                .thenComparing(replica -> replica.server().instance());
    }

    /** Null when no server of the shard may serve it. */
    @Nullable
    ChosenServer choose(ShardTopology shard, Intent intent) {
        if (intent == Intent.READ) {
            @Nullable
            Replica replica = shard.replicas().stream()
                    .filter(candidate -> lag(candidate) <= maxReplicaLagMillis)
                    .min(preference)
                    .orElse(null);
            if (replica != null) {
                return ChosenServer.of(replica.server(), ChosenServer.Role.REPLICA);
            }
        }
        return shard.primary() == null ? null : ChosenServer.of(shard.primary(), ChosenServer.Role.PRIMARY);
    }

    /** From the one that a read goes to rather to the one that it goes to last. */
    List<Replica> ordered(ShardTopology shard) {
        return shard.replicas().stream().sorted(preference).toList();
    }

    /** Whether that is this router's zone; not when either is unknown. */
    boolean isNear(@Nullable String other) {
        return zone != null && zone.equals(other);
    }

    private static long lag(Replica replica) {
        return replica.lagMillis() == null ? Long.MAX_VALUE : replica.lagMillis();
    }

    private static int mix(int hash) {
        int mixed = hash * 0x9E3779B9;
        return mixed ^ (mixed >>> 16);
    }
}
