package io.pgmosaic.client.scatter;

/** What becomes of a query when a shard does not answer it. */
public enum MissingShards {
    /** The query fails with the first shard that does, and is ended on the others. */
    FAIL,
    /** The result says which shards are missing and why. */
    PARTIAL,
    /** A shard that fails by its servers is tried again until the time is over; then the query fails. */
    WAIT
}
