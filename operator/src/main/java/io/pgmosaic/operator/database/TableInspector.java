package io.pgmosaic.operator.database;

import io.pgmosaic.api.v1alpha1.cluster.TableSpec;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads from the catalog what a table is like. */
final class TableInspector {
    private static final String COLUMNS = """
            SELECT c.relkind::text, a.attname::text, format_type(a.atttypid, NULL),
                   EXISTS (SELECT FROM pg_index i
                           WHERE i.indrelid = c.oid AND i.indisprimary AND a.attnum = ANY (i.indkey::int2[]))
            FROM pg_class c
            JOIN pg_namespace n ON n.oid = c.relnamespace
            LEFT JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
            WHERE n.nspname = ? AND c.relname = ?
            """;

    private TableInspector() {}

    /** Empty when there is no such relation. */
    static Optional<TableFacts> inspect(Connection connection, TableSpec table) throws SQLException {
        Map<String, String> types = new HashMap<>();
        Set<String> primaryKey = new HashSet<>();
        String kind = null;
        try (PreparedStatement statement = connection.prepareStatement(COLUMNS)) {
            statement.setString(1, table.schema());
            statement.setString(2, table.name());
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    kind = row.getString(1);
                    String column = row.getString(2);
                    if (column == null) {
                        continue;
                    }
                    types.put(column, row.getString(3));
                    if (row.getBoolean(4)) {
                        primaryKey.add(column);
                    }
                }
            }
        }
        return kind == null ? Optional.empty() : Optional.of(new TableFacts(kind, types, primaryKey));
    }
}
