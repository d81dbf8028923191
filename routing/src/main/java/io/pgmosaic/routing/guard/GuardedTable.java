package io.pgmosaic.routing.guard;

import io.pgmosaic.routing.key.KeyColumn;
import io.pgmosaic.routing.key.KeySchema;

/**
 * A sharded table.
 *
 * @param schema unquoted SQL name
 * @param name unquoted SQL name
 */
public record GuardedTable(String schema, String name, KeySchema key) {
    /** @throws IllegalArgumentException when PostgreSQL can have no such name */
    public GuardedTable {
        SqlText.qualified(schema, name);
        for (KeyColumn column : key.columns()) {
            SqlText.identifier(column.name());
        }
    }

    /** Quoted, fit for SQL. */
    public String qualifiedName() {
        return SqlText.qualified(schema, name);
    }
}
