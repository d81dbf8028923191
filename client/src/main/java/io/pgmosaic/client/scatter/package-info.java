/**
 * One piece of work on many shards at once: with a time limit, bounded parallelism, and a stated way to deal with shards that do
 * not answer.
 *
 * <p>Each shard answers for itself, with what it has at that moment. There is no snapshot over shards: a transfer between two of
 * them may be seen on one and not yet on the other, in either order.
 */
@NullMarked
package io.pgmosaic.client.scatter;

import org.jspecify.annotations.NullMarked;
