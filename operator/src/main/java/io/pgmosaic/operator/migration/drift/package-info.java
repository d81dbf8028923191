/** Whether all shards have the same schema: what differs, and when it is looked for. */
@NullMarked
package io.pgmosaic.operator.migration.drift;

import org.jspecify.annotations.NullMarked;
