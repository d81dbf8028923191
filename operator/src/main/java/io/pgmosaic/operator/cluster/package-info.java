/**
 * The ShardedCluster reconciler and the effects it orders in the Kubernetes API.
 */
@NullMarked
package io.pgmosaic.operator.cluster;

import org.jspecify.annotations.NullMarked;
