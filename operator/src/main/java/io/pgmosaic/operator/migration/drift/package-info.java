/** Whether all shards have the same schema. */
@NullMarked
package io.pgmosaic.operator.migration.drift;

import org.jspecify.annotations.NullMarked;
