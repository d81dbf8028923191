package io.pgmosaic.routing.map;

import java.util.List;

/** A recipe that gives each hash an owner. */
public sealed interface Partitioning permits HashRanges, HashRing {
    /** Every shard there is, also one that owns no hash. */
    List<String> shards();

    /** Builds the list of bounds; costs time in proportion to it. */
    SegmentTable compile();
}
