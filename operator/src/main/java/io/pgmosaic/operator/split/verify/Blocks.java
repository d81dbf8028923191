package io.pgmosaic.operator.split.verify;

/**
 * A stretch of a table's blocks.
 *
 * @param end the first that is not of it
 * @param isLast whether whatever comes after it is of it, too
 */
record Blocks(long first, long end, boolean isLast) {}
