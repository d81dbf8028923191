/**
 * What to do with one shard: facts in, a {@link io.pgmosaic.operator.plan.ShardPlan} out. Pure: no clock, no client, no JDBC, no
 * state. The same facts always give the same plan, and a plan that was carried out half is completed by planning again.
 *
 * <p>A plan has two parts in a fixed order. First the record that must be stored, by compare-and-set; then the commands,
 * which may be sent only when the stored record equals the planned one. So every command can be traced to a decision that
 * every operator can see.
 */
@NullMarked
package io.pgmosaic.operator.plan;

import org.jspecify.annotations.NullMarked;
