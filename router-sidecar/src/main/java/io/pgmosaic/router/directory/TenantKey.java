package io.pgmosaic.router.directory;

import io.pgmosaic.routing.guard.DirectoryKey;
import io.pgmosaic.routing.map.RowKey;
import io.pgmosaic.routing.map.ShardMap;

/**
 * A key as the directory has it.
 *
 * @param group empty for tables of no group
 * @param region empty when rows have none
 */
record TenantKey(String group, String region, String key) {
    static TenantKey of(String group, ShardMap map, RowKey row) {
        String region = map.regionOf(row);
        return new TenantKey(group, region == null ? "" : region, DirectoryKey.text(row.key()));
    }

    /** About how many bytes of memory it takes to remember an answer for it. */
    int weight() {
        return 280 + 2 * key.length();
    }
}
