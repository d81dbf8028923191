package io.pgmosaic.operator.split.verify;

import io.pgmosaic.operator.split.MovingTable;
import io.pgmosaic.routing.guard.SqlText;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * What a table is made of, as both sides have it.
 *
 * @param key columns of the primary key, or of the replica identity where there is none, in their order
 */
record TableShape(MovingTable table, List<Column> columns, List<String> key) {
    /**
     * @param name unquoted
     * @param type with its modifiers, for a comparison of both sides
     * @param isGenerated whether its value is computed and cannot be written
     */
    record Column(String name, String type, boolean isGenerated) {
        String quoted() {
            return SqlText.identifier(name);
        }
    }

    TableShape {
        columns = List.copyOf(columns);
        key = List.copyOf(key);
    }

    /**
     * @throws MismatchException when the table is not the same thing on both sides, or no row of it can be named
     */
    static TableShape of(MovingTable table, Connection sender, Connection receiver) throws SQLException {
        List<Column> columns = columns(table, sender);
        List<Column> there = columns(table, receiver);
        String differing = columns.stream()
                .filter(column -> !there.contains(column))
                .map(column -> column.name() + " " + column.type())
                .collect(Collectors.joining(", "));
        String added = there.stream()
                .filter(column -> !columns.contains(column))
                .map(column -> column.name() + " " + column.type())
                .collect(Collectors.joining(", "));
        if (!differing.isEmpty() || !added.isEmpty()) {
            throw new MismatchException("table " + table.qualifiedName() + " has other columns on the other side: ["
                    + differing + "] here, [" + added + "] there");
        }
        List<String> key = key(table, sender);
        if (key.isEmpty()) {
            throw new MismatchException(
                    "table " + table.qualifiedName() + " has neither a primary key nor an index as its"
                            + " replica identity, so that its rows cannot be compared");
        }
        return new TableShape(table, columns, key);
    }

    private static List<Column> columns(MovingTable table, Connection session) throws SQLException {
        List<Column> columns = new ArrayList<>();
        try (Statement statement = session.createStatement();
                ResultSet rows = statement.executeQuery("""
            SELECT a.attname, format_type(a.atttypid, a.atttypmod), a.attgenerated <> ''
            FROM pg_attribute AS a WHERE a.attrelid = %s::regclass AND a.attnum > 0 AND NOT a.attisdropped
            ORDER BY a.attnum
            """.formatted(SqlText.literal(table.qualifiedName())))) {
            while (rows.next()) {
                columns.add(new Column(rows.getString(1), rows.getString(2), rows.getBoolean(3)));
            }
        }
        return columns;
    }

    private static List<String> key(MovingTable table, Connection session) throws SQLException {
        List<String> key = new ArrayList<>();
        try (Statement statement = session.createStatement();
                ResultSet rows = statement.executeQuery("""
            SELECT a.attname
            FROM (SELECT i.indrelid, i.indkey::int2[] AS columns, i.indnkeyatts FROM pg_index AS i
                  WHERE i.indrelid = %s::regclass AND (i.indisprimary OR i.indisreplident)
                  ORDER BY i.indisprimary DESC LIMIT 1) AS k
            CROSS JOIN LATERAL unnest(k.columns) WITH ORDINALITY AS c (number, place)
            JOIN pg_attribute AS a ON a.attrelid = k.indrelid AND a.attnum = c.number
            WHERE c.place <= k.indnkeyatts ORDER BY c.place
            """.formatted(SqlText.literal(table.qualifiedName())))) {
            while (rows.next()) {
                key.add(rows.getString(1));
            }
        }
        return key;
    }
}
