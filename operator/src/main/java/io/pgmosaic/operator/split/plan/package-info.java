/**
 * What is to be done next for a split: from what is seen to one step. Pure: no clock, no I/O.
 *
 * <p>What it promises: nothing is remembered but what the cluster's status records and the databases hold, so that any operator
 * goes on where another was killed; and a step that the specification {@code docs/spec/ShardSplit.tla} forbids is not planned.
 */
@NullMarked
package io.pgmosaic.operator.split.plan;

import org.jspecify.annotations.NullMarked;
