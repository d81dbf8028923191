package io.pgmosaic.operator.observe;

import io.pgmosaic.operator.ClusterKey;

/**
 * An instance of any cluster.
 *
 * @param instance its pod's name
 */
public record InstanceKey(ClusterKey cluster, String instance) {}
