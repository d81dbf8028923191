package io.pgmosaic.local.chaos;

/**
 * A primary was there.
 *
 * @param term in which
 * @param known the earliest moment, of {@link System#nanoTime}, at which it certainly was
 */
record Promotion(String shard, long term, long known) {}
