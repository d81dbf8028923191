package io.pgmosaic.operator.directory;

import io.pgmosaic.maps.PlacedTable;
import io.pgmosaic.routing.map.ShardMap;

import java.util.List;
import java.util.Set;

/**
 * The tables that share a directory.
 *
 * @param group empty for those of no group
 * @param map of all of them
 * @param known names of these and of all other sharded tables, as {@code schema.name}, as far as this operator has heard of them
 */
record KeyTables(String group, ShardMap map, List<PlacedTable> tables, Set<String> known) {
    KeyTables {
        tables = List.copyOf(tables);
        known = Set.copyOf(known);
    }
}
