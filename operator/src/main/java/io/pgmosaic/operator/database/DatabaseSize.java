package io.pgmosaic.operator.database;

import java.util.Map;

/**
 * How much a shard's database holds, in bytes.
 *
 * @param bytes of all of it
 * @param tables of the sharded tables that exist, with their indexes and partitions, by {@code schema.name}; one whose lock
 *     somebody held is missing
 */
public record DatabaseSize(long bytes, Map<String, Long> tables) {
    public DatabaseSize {
        tables = Map.copyOf(tables);
    }
}
