/**
 * What is done now and then at the primaries of all clusters' shards, by the replica that leads.
 *
 * <p>What it promises: a shard that hangs or fails holds up no other, and no shard is looked at twice at once for the same thing.
 */
@NullMarked
package io.pgmosaic.operator.upkeep;

import org.jspecify.annotations.NullMarked;
