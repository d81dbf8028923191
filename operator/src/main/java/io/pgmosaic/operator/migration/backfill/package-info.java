/**
 * Fills the rows of a table on one shard, batch after batch in the order of its primary key.
 *
 * <p>What it promises: the place up to which rows are filled is recorded in the transaction that fills them, so that no row is
 * filled twice for a batch that is repeated, whoever dies; writers wait for the rows of one batch at most.
 */
@NullMarked
package io.pgmosaic.operator.migration.backfill;

import org.jspecify.annotations.NullMarked;
