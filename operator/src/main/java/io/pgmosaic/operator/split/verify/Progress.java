package io.pgmosaic.operator.split.verify;

/**
 * How far a comparison is.
 *
 * @param table the one that is being compared, as SQL
 * @param tablesDone of {@code tables}; those among them that were done before it was resumed
 * @param rows read so far on the side that is behind, of the tables that this comparison has read
 * @param fraction of all that is to be read, 0 to 1, by blocks
 * @param chunks read so far, of both sides
 * @param rowsPerSecond since it began, without the time that it was held up
 */
public record Progress(
        String table, int tablesDone, int tables, long rows, double fraction, long chunks, double rowsPerSecond) {}
