package io.pgmosaic.operator.migration.check;

import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What one statement did in the rehearsal.
 *
 * @param before what there was
 * @param after what there is
 * @param scanned numbers of the tables whose rows were looked through or looked up
 * @param locks the modes in which it held tables, by their numbers, as {@code pg_locks} names them
 */
record Effect(Catalog before, Catalog after, Set<Long> scanned, Map<Long, Set<String>> locks) {
    /** Readers wait for this one, too. */
    private static final String EXCLUSIVE = "AccessExclusiveLock";

    /** Rows are inserted, changed or deleted under it. */
    private static final String WRITING = "RowExclusiveLock";

    boolean keepsReadersOut(long table) {
        return locks.getOrDefault(table, Set.of()).contains(EXCLUSIVE);
    }

    boolean writesTo(long table) {
        return locks.getOrDefault(table, Set.of()).contains(WRITING);
    }

    /** Whether it locked the table for anything, or made an index of it or took one away. */
    boolean touches(long table) {
        return locks.containsKey(table) || !indexes(before, table).equals(indexes(after, table));
    }

    /** Names of tables that there were not before it, under this name at least. */
    Stream<String> made() {
        return after.tables()
                .filter(table -> !table.getValue().equals(before.relations().get(table.getKey())))
                .map(table -> table.getValue().name())
                .filter(name -> before.tables()
                        .noneMatch(table -> table.getValue().name().equals(name)));
    }

    private static Set<Long> indexes(Catalog catalog, long table) {
        return catalog.relations().entrySet().stream()
                .filter(entry -> entry.getValue().isIndex() && entry.getValue().table() == table)
                .map(Map.Entry::getKey)
                .collect(Collectors.toSet());
    }
}
