package io.pgmosaic.operator.split;

import io.pgmosaic.routing.guard.Guard;
import io.pgmosaic.routing.guard.GuardedTable;
import io.pgmosaic.routing.guard.SqlText;

/**
 * A table of which rows move, or that is copied whole.
 *
 * @param schema unquoted SQL name
 * @param name unquoted SQL name
 * @param condition which rows, in a query that calls the table {@code t}; it uses built-in functions and operators alone
 * @param rowFilter the same for a publication; empty for every row
 * @param isReference whether it is one that every shard has whole: it is copied to the target, and nothing of it comes back
 */
public record MovingTable(String schema, String name, String condition, String rowFilter, boolean isReference) {
    /** What {@code condition} calls the table. */
    public static final String ALIAS = "t";

    /**
     * A sharded table.
     *
     * @param before the guard that the source has by the present map
     * @param after the guard that the target will have by the next one
     */
    public static MovingTable sharded(GuardedTable table, Guard before, Guard after) {
        return new MovingTable(
                table.schema(),
                table.name(),
                both(table, before, after, ALIAS),
                both(table, before, after, table.name()),
                false);
    }

    public static MovingTable reference(String schema, String name) {
        return new MovingTable(schema, name, "true", "", true);
    }

    private static String both(GuardedTable table, Guard before, Guard after, String alias) {
        return "(" + before.owns(table, alias) + ") AND (" + after.owns(table, alias) + ")";
    }

    /** Quoted, fit for SQL. */
    public String qualifiedName() {
        return SqlText.qualified(schema, name);
    }
}
