/**
 * What a map is like after one of its shards was split, and where to split it. Pure: maps in, maps out.
 *
 * <p>What it promises: each key that the shard owned is owned by one of the parts, and every other key by whom it was owned before.
 */
@NullMarked
package io.pgmosaic.routing.split;

import org.jspecify.annotations.NullMarked;
