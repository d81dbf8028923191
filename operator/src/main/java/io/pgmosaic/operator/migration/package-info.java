/** Carries out a {@code SchemaMigration}: one change of the schema over all shards of a cluster, once on each. */
@NullMarked
package io.pgmosaic.operator.migration;

import org.jspecify.annotations.NullMarked;
