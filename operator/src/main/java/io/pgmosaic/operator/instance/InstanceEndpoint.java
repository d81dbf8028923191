package io.pgmosaic.operator.instance;

import io.pgmosaic.operator.ClusterKey;

/**
 * Where an instance manager listens.
 *
 * @param instance the pod's name
 * @param service the shard's headless Service as a DNS name, which its certificate must hold
 * @param address the pod's IP address
 * @param port of the manager's commands
 */
public record InstanceEndpoint(ClusterKey cluster, String instance, String service, String address, int port) {}
