package io.pgmosaic.protocol.topology;

import com.fasterxml.jackson.annotation.JsonCreator;
import org.jspecify.annotations.Nullable;

import java.util.List;

/**
 * Cluster-wide limits of a lookup.
 *
 * @param maxReplicaLagMillis a replica further behind is not chosen for a read that names no guarantee
 * @param readYourWritesWindowMillis how long a session's last write keeps its reads off older replicas
 * @param replicaChoice {@link ReplicaChoice#LEAST_LAG} when the operator does not tell it
 * @param rateLimits none when the operator does not tell any
 * @param loadShedding null when no shard's lookups are refused because it has too much to do
 */
public record RoutingPolicy(
        long maxReplicaLagMillis,
        long readYourWritesWindowMillis,
        ReplicaChoice replicaChoice,
        List<RateLimit> rateLimits,
        @Nullable LoadShedding loadShedding) {
    @JsonCreator
    public RoutingPolicy(
            long maxReplicaLagMillis,
            long readYourWritesWindowMillis,
            @Nullable ReplicaChoice replicaChoice,
            @Nullable List<RateLimit> rateLimits,
            @Nullable LoadShedding loadShedding) {
        this.maxReplicaLagMillis = maxReplicaLagMillis;
        this.readYourWritesWindowMillis = readYourWritesWindowMillis;
        this.replicaChoice = replicaChoice == null ? ReplicaChoice.LEAST_LAG : replicaChoice;
        this.rateLimits = rateLimits == null ? List.of() : List.copyOf(rateLimits);
        this.loadShedding = loadShedding;
    }

    public RoutingPolicy(
            long maxReplicaLagMillis, long readYourWritesWindowMillis, @Nullable ReplicaChoice replicaChoice) {
        this(maxReplicaLagMillis, readYourWritesWindowMillis, replicaChoice, List.of(), null);
    }

    public RoutingPolicy(long maxReplicaLagMillis, long readYourWritesWindowMillis) {
        this(maxReplicaLagMillis, readYourWritesWindowMillis, ReplicaChoice.LEAST_LAG);
    }
}
