package io.pgmosaic.protocol.topology;

/**
 * Cluster-wide limits of a lookup.
 *
 * @param maxReplicaLagMillis a replica further behind is not chosen for a read
 * @param readYourWritesWindowMillis how long a session's last write keeps its reads off older replicas
 */
public record RoutingPolicy(long maxReplicaLagMillis, long readYourWritesWindowMillis) {}
