package io.pgmosaic.checker;

/**
 * A primary was there.
 *
 * @param term in which
 * @param known the earliest moment, of {@link System#nanoTime}, at which it certainly was
 */
public record Promotion(String shard, long term, long known) {}
