package io.pgmosaic.router.lookup;

import io.pgmosaic.routing.map.RowSchema;
import io.pgmosaic.routing.map.ShardMap;

/** How a table's rows are found. */
public sealed interface TableRoute {
    /** {@code schema.name}. */
    String name();

    TableCounters counters();

    /**
     * Each row lives on the shard that its key names.
     *
     * @param group empty for none
     * @param map of the table's group
     */
    record Sharded(String name, String group, RowSchema key, ShardMap map, TableCounters counters)
            implements TableRoute {}

    /** Every shard has all rows. */
    record Reference(String name, TableCounters counters) implements TableRoute {}
}
