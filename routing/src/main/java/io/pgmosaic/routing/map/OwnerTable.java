package io.pgmosaic.routing.map;

import io.pgmosaic.routing.key.Key;

/** Finds the owner of a key under one partitioning. Immutable; allocates nothing. */
sealed interface OwnerTable permits SegmentTable, OrderTable, TextOrderTable {
    /** In place of an owner: the key is outside of every range. */
    int NOBODY = -1;

    /**
     * The owner's position in the list of shards, or {@link #NOBODY}.
     *
     * @param hash of the key
     */
    int owner(Key key, long hash);

    /** {@link #owner(Key, long)} of a key of one bigint. */
    int owner(long key, long hash);
}
