/**
 * Tells routers which server serves which shard. What is told follows from what is recorded in the cluster's status and from
 * what instances say of themselves, so every operator replica tells the same.
 */
@NullMarked
package io.pgmosaic.operator.topology;

import org.jspecify.annotations.NullMarked;
