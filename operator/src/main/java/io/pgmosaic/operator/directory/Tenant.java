package io.pgmosaic.operator.directory;

import io.pgmosaic.routing.guard.DirectoryKey;
import io.pgmosaic.routing.map.RowKey;
import io.pgmosaic.routing.map.ShardMap;

/**
 * A key, and the shards that it concerns.
 *
 * @param region empty when rows have none
 * @param home the shard that owns the key by the rule
 * @param text as the directory writes it
 */
record Tenant(RowKey row, String region, String home, String text) {
    /** @throws io.pgmosaic.routing.map.UnplacedKeyException when no shard owns it by the rule */
    static Tenant of(ShardMap map, RowKey row) {
        String region = map.regionOf(row);
        return new Tenant(row, region == null ? "" : region, map.ownerOf(row), DirectoryKey.text(row.key()));
    }
}
