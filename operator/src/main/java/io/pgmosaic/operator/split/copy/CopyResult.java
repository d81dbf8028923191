package io.pgmosaic.operator.split.copy;

/**
 * A whole copy.
 *
 * @param position of the sender's log, in PostgreSQL's text: the rows are as they were there, and the slot has what came after it
 */
public record CopyResult(String position, long rows, long bytes) {}
