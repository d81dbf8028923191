package io.pgmosaic.instance.volume;

/**
 * The highest term that this instance has promised (invariant I1).
 *
 * @param term at least 1
 */
public record Promise(long term) {}
