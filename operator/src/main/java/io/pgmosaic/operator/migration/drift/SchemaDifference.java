package io.pgmosaic.operator.migration.drift;

import java.util.List;
import java.util.SortedMap;
import java.util.stream.Collectors;

/**
 * Something that is not the same on every shard.
 *
 * @param what is defined
 * @param shards names of shards by the definition they have; an empty text for those that have none
 */
public record SchemaDifference(String what, SortedMap<String, List<String>> shards) {
    static final String MISSING = "missing";

    /** @param table with its schema, quoted where needed */
    public boolean isOf(String table) {
        return what.equals("table " + table)
                || what.startsWith("column " + table + ".")
                || what.endsWith(" of " + table)
                || (what.startsWith("index ")
                        && shards.keySet().stream()
                                .anyMatch(definition -> definition.contains(" ON " + table + " ")
                                        || definition.contains(" ON ONLY " + table + " ")));
    }

    /** For a person: which shards have what. */
    @Override
    public String toString() {
        return what + ": "
                + shards.entrySet().stream()
                        .map(entry -> (entry.getKey().isEmpty() ? "as it is there" : entry.getKey()) + " on "
                                + String.join(", ", entry.getValue()))
                        .collect(Collectors.joining("; "));
    }
}
