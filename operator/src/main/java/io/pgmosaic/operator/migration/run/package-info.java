/**
 * Carries migrations out: looks at the API and at the shards' databases, asks the plan, and runs what it says.
 *
 * <p>What it promises: no statement begins on a shard while the cluster's record does not name the migration, so none does while a
 * split is under way; and nothing is remembered but what another operator finds out by looking.
 */
@NullMarked
package io.pgmosaic.operator.migration.run;

import org.jspecify.annotations.NullMarked;
