/** One step on one shard, against PostgreSQL. */
@NullMarked
package io.pgmosaic.operator.migration.apply;

import org.jspecify.annotations.NullMarked;
