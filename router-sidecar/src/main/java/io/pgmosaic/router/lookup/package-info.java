/**
 * From a key to an answer, in memory. A {@link io.pgmosaic.router.lookup.RoutingTable} is immutable and holds each
 * shard's answers as finished JSON, so that a lookup hashes the key, finds the shard and is done; a new table replaces the
 * old one by a single volatile write.
 */
@NullMarked
package io.pgmosaic.router.lookup;

import org.jspecify.annotations.NullMarked;
