/**
 * A shard in one thread, with every fault that a seed can think of. The decisions are the product's own
 * ({@link io.pgmosaic.operator.plan.ShardPlanner}); modelled are the instances with their volumes and managers, PostgreSQL's
 * replication, the network, the stored record, clocks and clients. After every step the {@link
 * io.pgmosaic.operator.simulation.Oracle} checks what may never happen; after the last one the faults end, and the shard must
 * become whole by itself.
 */
@NullMarked
package io.pgmosaic.operator.simulation;

import org.jspecify.annotations.NullMarked;
