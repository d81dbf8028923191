/**
 * What is to be done next for a migration: from what the shards' databases say to the steps that may begin. Pure: no clock, no I/O.
 *
 * <p>What it promises: no step begins on a shard before every shard has all earlier ones; contract begins with approval alone; no step
 * forward begins once one was taken back anywhere, or the statements that have run are not those that are declared.
 */
@NullMarked
package io.pgmosaic.operator.migration.plan;

import org.jspecify.annotations.NullMarked;
