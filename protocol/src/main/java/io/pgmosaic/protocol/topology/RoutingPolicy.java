package io.pgmosaic.protocol.topology;

import com.fasterxml.jackson.annotation.JsonCreator;
import org.jspecify.annotations.Nullable;

/**
 * Cluster-wide limits of a lookup.
 *
 * @param maxReplicaLagMillis a replica further behind is not chosen for a read that names no guarantee
 * @param readYourWritesWindowMillis how long a session's last write keeps its reads off older replicas
 * @param replicaChoice {@link ReplicaChoice#LEAST_LAG} when the operator does not tell it
 */
public record RoutingPolicy(long maxReplicaLagMillis, long readYourWritesWindowMillis, ReplicaChoice replicaChoice) {
    @JsonCreator
    public RoutingPolicy(
            long maxReplicaLagMillis, long readYourWritesWindowMillis, @Nullable ReplicaChoice replicaChoice) {
        this.maxReplicaLagMillis = maxReplicaLagMillis;
        this.readYourWritesWindowMillis = readYourWritesWindowMillis;
        this.replicaChoice = replicaChoice == null ? ReplicaChoice.LEAST_LAG : replicaChoice;
    }

    public RoutingPolicy(long maxReplicaLagMillis, long readYourWritesWindowMillis) {
        this(maxReplicaLagMillis, readYourWritesWindowMillis, ReplicaChoice.LEAST_LAG);
    }
}
