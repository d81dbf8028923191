/**
 * Receives the cluster's topology and keeps it: from the operator's stream while there is one, on disk for the time when
 * there is none.
 *
 * <p>What it promises: a shard's term never goes down, neither while operators contradict each other nor across a restart
 * (invariant I3). {@link io.pgmosaic.router.topology.TopologyMerge} decides, without clock or I/O; one thread,
 * {@link io.pgmosaic.router.topology.TopologyReceiver}'s, applies what it decided.
 */
@NullMarked
package io.pgmosaic.router.topology;

import org.jspecify.annotations.NullMarked;
