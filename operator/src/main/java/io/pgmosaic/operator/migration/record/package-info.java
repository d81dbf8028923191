/**
 * What is known of a migration wherever it is needed: in each shard's database what has run there, in the cluster's status which
 * migration is under way.
 *
 * <p>What it promises: the record of a statement is made in the transaction in which the statement runs, and before it, so that
 * of several operators that run it one does and the others learn that it is done. Only a statement that cannot run in a transaction
 * has a record before it has run; that record says so until it is done.
 */
@NullMarked
package io.pgmosaic.operator.migration.record;

import org.jspecify.annotations.NullMarked;
