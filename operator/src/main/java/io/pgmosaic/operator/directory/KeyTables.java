package io.pgmosaic.operator.directory;

import io.pgmosaic.maps.PlacedTable;
import io.pgmosaic.routing.map.ShardMap;

import java.util.List;

/**
 * The tables that share a directory.
 *
 * @param group empty for those of no group
 * @param map of all of them
 */
record KeyTables(String group, ShardMap map, List<PlacedTable> tables) {
    KeyTables {
        tables = List.copyOf(tables);
    }
}
