package io.pgmosaic.routing.recipe;

/** How the shards of a placement share its rows. */
public enum Strategy {
    /** Each owns ranges of the key's 64-bit hash. */
    HASH_RANGE,
    /** Each has many positions on a ring of hashes. */
    CONSISTENT_HASH,
    /** Each owns ranges of the values of the key's first column. */
    ORDERED_RANGE
}
