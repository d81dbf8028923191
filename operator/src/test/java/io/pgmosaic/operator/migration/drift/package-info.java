/** Differences between shards, against PostgreSQL. */
@NullMarked
package io.pgmosaic.operator.migration.drift;

import org.jspecify.annotations.NullMarked;
