package io.pgmosaic.protocol.topology;

import java.util.Map;

/**
 * How much a shard holds, about.
 *
 * @param bytes of its database
 * @param tables bytes of its largest sharded tables with their indexes, by {@code schema.name}
 */
public record ShardSize(long bytes, Map<String, Long> tables) {
    public ShardSize {
        tables = Map.copyOf(tables);
    }
}
