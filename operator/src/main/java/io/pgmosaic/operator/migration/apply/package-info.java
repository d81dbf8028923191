/**
 * Runs the statements of a step on one shard, each once.
 *
 * <p>What it promises: whatever dies between any two actions, and however many operators are at it, a statement that ran in a
 * transaction is not run again; one that runs alone is run again only after the catalog has said that it is not done.
 */
@NullMarked
package io.pgmosaic.operator.migration.apply;

import org.jspecify.annotations.NullMarked;
