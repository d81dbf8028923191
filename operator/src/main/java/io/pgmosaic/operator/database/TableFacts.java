package io.pgmosaic.operator.database;

import java.util.Map;
import java.util.Set;

/**
 * A table as the server's catalog describes it.
 *
 * @param kind as {@code pg_class.relkind} says
 * @param columnTypes type names without modifiers, by column
 * @param primaryKey its columns; empty when there is none
 */
record TableFacts(String kind, Map<String, String> columnTypes, Set<String> primaryKey) {
    TableFacts {
        columnTypes = Map.copyOf(columnTypes);
        primaryKey = Set.copyOf(primaryKey);
    }
}
