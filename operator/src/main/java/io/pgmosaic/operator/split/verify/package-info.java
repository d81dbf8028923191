/**
 * Compares the rows that a split moves, on both sides at one point of the log, while writers go on.
 *
 * <p>What it promises: tables that it calls equal were equal, row by row and column by column, at a position of the sender's log;
 * what it calls different is different, and not written just now. It never stops a writer for longer than a few
 * locked rows take, and whoever compares and dies leaves nothing that holds up the stream. Values of rows are in no result, no
 * log and no message; the keys of the first few that differ are.
 *
 * <p>The sender is the shard that has the keys, the receiver the one to which they are streamed.
 */
@NullMarked
package io.pgmosaic.operator.split.verify;

import org.jspecify.annotations.NullMarked;
