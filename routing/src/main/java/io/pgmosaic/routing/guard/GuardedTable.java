package io.pgmosaic.routing.guard;

import io.pgmosaic.routing.key.KeyColumn;
import io.pgmosaic.routing.key.KeySchema;
import org.jspecify.annotations.Nullable;

/**
 * A sharded table.
 *
 * @param schema unquoted SQL name
 * @param name unquoted SQL name
 * @param key the columns by which rows are placed
 * @param region unquoted SQL name of the column of type text that names a row's region; null when rows have none
 * @param time unquoted SQL name of the column of type timestamptz that decides on a row's period; null when there are none
 * @param group by which a directory knows the table's keys; empty for the tables of no group
 */
public record GuardedTable(
        String schema,
        String name,
        KeySchema key,
        @Nullable String region,
        @Nullable String time,
        String group) {
    /** @throws IllegalArgumentException when PostgreSQL can have no such name */
    public GuardedTable {
        SqlText.qualified(schema, name);
        for (KeyColumn column : key.columns()) {
            SqlText.identifier(column.name());
        }
        if (region != null) {
            SqlText.identifier(region);
        }
        if (time != null) {
            SqlText.identifier(time);
        }
    }

    /** A table of no group. */
    public GuardedTable(String schema, String name, KeySchema key, @Nullable String region, @Nullable String time) {
        this(schema, name, key, region, time, "");
    }

    /** A table that is placed by its key alone. */
    public GuardedTable(String schema, String name, KeySchema key) {
        this(schema, name, key, null, null);
    }

    /** Quoted, fit for SQL. */
    public String qualifiedName() {
        return SqlText.qualified(schema, name);
    }
}
