package io.pgmosaic.operator.migration.backfill;

import org.jspecify.annotations.Nullable;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** The rows of a table in the order of its primary key. */
public final class KeyOrder {
    private static final String KEY = """
            SELECT a.attname, pg_catalog.quote_ident(a.attname), pg_catalog.format_type(a.atttypid, a.atttypmod)
            FROM pg_catalog.pg_index AS i
            CROSS JOIN LATERAL pg_catalog.unnest(i.indkey::int2[]) WITH ORDINALITY AS k (attnum, place)
            JOIN pg_catalog.pg_attribute AS a ON a.attrelid = i.indrelid AND a.attnum = k.attnum
            WHERE i.indrelid = pg_catalog.to_regclass(?) AND i.indisprimary AND k.place <= i.indnkeyatts
            ORDER BY k.place
            """;

    /** Of a table that was never analyzed nothing is estimated. */
    private static final String ESTIMATE = """
            SELECT pg_catalog.sum(c.reltuples)::int8, pg_catalog.min(c.reltuples) < 0
            FROM pg_catalog.pg_class AS c
            WHERE c.oid IN (SELECT pg_catalog.to_regclass(?) UNION
                            SELECT relid FROM pg_catalog.pg_partition_tree(pg_catalog.to_regclass(?)) WHERE isleaf)
              AND c.relkind = 'r'
            """;

    /**
     * The end of a batch.
     *
     * @param key of its last row
     * @param rows in it
     */
    record End(List<String> key, long rows) {}

    private final Connection session;
    private final String table;
    private final List<KeyColumn> columns;

    private KeyOrder(Connection session, String table, List<KeyColumn> columns) {
        this.session = session;
        this.table = table;
        this.columns = List.copyOf(columns);
    }

    /**
     * @throws SQLException with SQLSTATE {@code 42P01} when there is no such table, {@code 42P16} when it has no primary key, or the
     *     backfill changes that
     */
    public static KeyOrder of(Connection session, BackfillWork work) throws SQLException {
        String table = work.table();
        List<KeyColumn> columns = new ArrayList<>();
        try (PreparedStatement statement = session.prepareStatement(KEY)) {
            statement.setString(1, table);
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    columns.add(new KeyColumn(row.getString(1), row.getString(2), row.getString(3)));
                }
            }
        }
        if (columns.isEmpty()) {
            boolean exists = exists(session, table);
            throw new SQLException(
                    exists
                            ? "table " + table
                                    + " has no primary key, by which a backfill goes: give it one, or update it"
                                    + " with a statement of expand"
                            : "there is no table " + table + " on this shard: make it there, or in expand",
                    exists ? "42P16" : "42P01");
        }
        for (KeyColumn column : columns) {
            if (work.columns().contains(column.name())) {
                throw new SQLException(
                        "set changes column " + column.quoted() + " of the primary key of " + table
                                + ", by which a backfill goes: rows would move past the place up to which it has come, and be"
                                + " left out or filled twice; fill a new column, and make that the key",
                        "42P16");
            }
        }
        return new KeyOrder(session, table, columns);
    }

    private static boolean exists(Connection session, String table) throws SQLException {
        try (PreparedStatement statement = session.prepareStatement("SELECT pg_catalog.to_regclass(?) IS NOT NULL")) {
            statement.setString(1, table);
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                return row.getBoolean(1);
            }
        }
    }

    /** About how many rows there are. */
    long rows() throws SQLException {
        try (PreparedStatement statement = session.prepareStatement(ESTIMATE)) {
            statement.setString(1, table);
            statement.setString(2, table);
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                if (!row.getBoolean(2)) {
                    return row.getLong(1);
                }
            }
        }
        try (Statement statement = session.createStatement();
                ResultSet row = statement.executeQuery("SELECT count(*) FROM " + table)) {
            row.next();
            return row.getLong(1);
        }
    }

    /** Where a batch ends; empty when no row is left. */
    Optional<End> end(@Nullable List<String> after, int rows) throws SQLException {
        String names = names();
        String texts =
                columns.stream().map(column -> column.quoted() + "::text").collect(Collectors.joining(", "));
        // By the table's columns: names alone would be those of their texts.
        String backwards = columns.stream()
                .map(column -> "batch." + column.quoted() + " DESC")
                .collect(Collectors.joining(", "));
        String query = "WITH batch AS MATERIALIZED (SELECT " + names + " FROM " + table + " WHERE "
                + (after == null ? "true" : row() + " > " + values(after)) + " ORDER BY " + names + " LIMIT " + rows
                + ") SELECT (SELECT count(*) FROM batch), " + texts + " FROM batch ORDER BY " + backwards + " LIMIT 1";
        try (Statement statement = session.createStatement()) {
            statement.setEscapeProcessing(false);
            try (ResultSet row = statement.executeQuery(query)) {
                if (!row.next()) {
                    return Optional.empty();
                }
                List<String> key = new ArrayList<>();
                for (int i = 0; i < columns.size(); i++) {
                    key.add(row.getString(i + 2));
                }
                return Optional.of(new End(key, row.getLong(1)));
            }
        }
    }

    /** Which rows are in a batch. */
    String between(@Nullable List<String> after, List<String> last) {
        return (after == null ? "" : row() + " > " + values(after) + " AND ") + row() + " <= " + values(last);
    }

    private String names() {
        return columns.stream().map(KeyColumn::quoted).collect(Collectors.joining(", "));
    }

    private String row() {
        return "(" + names() + ")";
    }

    private String values(List<String> key) {
        return IntStream.range(0, columns.size())
                .mapToObj(i -> columns.get(i).literal(key.get(i)))
                .collect(Collectors.joining(", ", "(", ")"));
    }
}
