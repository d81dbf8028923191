/**
 * The shard map: which shard owns which key.
 *
 * <p>A {@link io.pgmosaic.routing.map.ShardMap} is one sorted list of lower bounds over signed 64-bit hashes, plus
 * exact keys that live elsewhere. Hash ranges and consistent-hash rings are recipes for that list. Every hash has exactly
 * one owner; the same recipe gives the same map everywhere, whatever the order in which shards are listed on a ring.
 * Everything is immutable; lookups allocate nothing.
 */
@NullMarked
package io.pgmosaic.routing.map;

import org.jspecify.annotations.NullMarked;
