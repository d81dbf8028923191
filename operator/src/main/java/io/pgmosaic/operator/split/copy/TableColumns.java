package io.pgmosaic.operator.split.copy;

import io.pgmosaic.operator.split.MovingTable;
import io.pgmosaic.routing.guard.SqlText;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * How a table's rows are read and written: every column but those that are computed from others.
 *
 * @param isPartitioned whether its rows are in its partitions
 * @param columns quoted
 */
record TableColumns(boolean isPartitioned, List<String> columns) {
    private static final String FIND = """
            SELECT c.relkind = 'p', a.attname
            FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
            LEFT JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
            WHERE n.nspname = ? AND c.relname = ? AND c.relkind IN ('r', 'p')
            ORDER BY a.attnum
            """;

    /** @throws SQLException also when there is no such table */
    static TableColumns of(Connection connection, MovingTable table) throws SQLException {
        boolean isPartitioned = false;
        boolean exists = false;
        List<String> columns = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement(FIND)) {
            statement.setString(1, table.schema());
            statement.setString(2, table.name());
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    exists = true;
                    isPartitioned = row.getBoolean(1);
                    String column = row.getString(2);
                    if (column != null) {
                        columns.add(SqlText.identifier(column));
                    }
                }
            }
        }
        if (!exists) {
            throw new SQLException("table " + table.qualifiedName() + " does not exist");
        }
        return new TableColumns(isPartitioned, columns);
    }

    /** What inherits from a table without being its partition is another table. */
    String read(MovingTable table) {
        return "COPY (SELECT " + String.join(", ", columns) + " FROM " + (isPartitioned ? "" : "ONLY ")
                + table.qualifiedName() + " AS " + MovingTable.ALIAS + " WHERE " + table.condition() + ") TO STDOUT";
    }

    String write(MovingTable table) {
        return columns.isEmpty()
                ? "COPY " + table.qualifiedName() + " FROM STDIN"
                : "COPY " + table.qualifiedName() + " (" + String.join(", ", columns) + ") FROM STDIN";
    }
}
