package io.pgmosaic.routing.map;

import java.util.List;

/** A recipe that gives each key an owner: by its hash, or by its place in an order. */
public sealed interface Partitioning permits HashRanges, HashRing, OrderedRanges {
    /** Every shard there is, also one that owns nothing. */
    List<String> shards();

    /** Builds what finds the owners; costs time in proportion to the number of bounds. */
    OwnerTable compile();
}
