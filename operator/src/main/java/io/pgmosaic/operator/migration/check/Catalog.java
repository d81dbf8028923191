package io.pgmosaic.operator.migration.check;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;

/**
 * What a database's tables are made of, at one moment. Objects are known by the numbers that PostgreSQL gives them, which a new name
 * does not change.
 *
 * @param relations tables, views, sequences and indexes, by their numbers
 * @param constraints by their numbers
 */
record Catalog(Map<Long, Relation> relations, Map<ColumnNumber, Column> columns, Map<Long, Constraint> constraints) {

    /**
     * @param kind as {@code pg_class.relkind} has it
     * @param file number of the file that holds it; another one when it was written anew
     * @param table of an index, the number of its table; 0 otherwise
     */
    record Relation(String name, char kind, long file, long table) {
        boolean isTable() {
            return kind == 'r' || kind == 'p' || kind == 'm';
        }

        boolean isIndex() {
            return kind == 'i' || kind == 'I';
        }
    }

    record ColumnNumber(long table, int number) {}

    /** @param isFilled whether it has a value of its own in rows that do not give one: a default, an identity, a computed one */
    record Column(String name, String type, boolean isNotNull, boolean isFilled) {}

    /**
     * @param kind as {@code pg_constraint.contype} has it
     * @param isValid whether rows that were there have been checked
     */
    record Constraint(long table, String name, char kind, boolean isValid) {}

    private static final String OWN = """
            n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast', 'mosaic') AND n.nspname !~ '^pg_temp_'
            """;

    private static final String RELATIONS = """
            SELECT c.oid, pg_catalog.quote_ident(n.nspname) || '.' || pg_catalog.quote_ident(c.relname) AS name, c.relkind,
              c.relfilenode, coalesce(i.indrelid, 0) AS indexed
            FROM pg_catalog.pg_class AS c JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
            LEFT JOIN pg_catalog.pg_index AS i ON i.indexrelid = c.oid
            WHERE c.relkind IN ('r', 'p', 'm', 'v', 'S', 'f', 'i', 'I') AND %s
            """.formatted(OWN);

    private static final String COLUMNS = """
            SELECT a.attrelid, a.attnum, pg_catalog.quote_ident(a.attname) AS name,
              pg_catalog.format_type(a.atttypid, a.atttypmod) AS type, a.attnotnull,
              a.atthasdef OR a.attidentity <> '' AS filled
            FROM pg_catalog.pg_attribute AS a JOIN pg_catalog.pg_class AS c ON c.oid = a.attrelid
            JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
            WHERE a.attnum > 0 AND NOT a.attisdropped AND c.relkind IN ('r', 'p', 'm', 'v', 'f') AND %s
            """.formatted(OWN);

    private static final String CONSTRAINTS = """
            SELECT t.oid, t.conrelid, pg_catalog.quote_ident(t.conname) AS name, t.contype, t.convalidated
            FROM pg_catalog.pg_constraint AS t JOIN pg_catalog.pg_class AS c ON c.oid = t.conrelid
            JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
            WHERE %s
            """.formatted(OWN);

    static Catalog read(Connection session) throws SQLException {
        Map<Long, Relation> relations = new HashMap<>();
        Map<ColumnNumber, Column> columns = new HashMap<>();
        Map<Long, Constraint> constraints = new HashMap<>();
        try (Statement statement = session.createStatement()) {
            try (ResultSet row = statement.executeQuery(RELATIONS)) {
                while (row.next()) {
                    relations.put(
                            row.getLong("oid"),
                            new Relation(
                                    row.getString("name"),
                                    row.getString("relkind").charAt(0),
                                    row.getLong("relfilenode"),
                                    row.getLong("indexed")));
                }
            }
            try (ResultSet row = statement.executeQuery(COLUMNS)) {
                while (row.next()) {
                    columns.put(
                            new ColumnNumber(row.getLong("attrelid"), row.getInt("attnum")),
                            new Column(
                                    row.getString("name"),
                                    row.getString("type"),
                                    row.getBoolean("attnotnull"),
                                    row.getBoolean("filled")));
                }
            }
            try (ResultSet row = statement.executeQuery(CONSTRAINTS)) {
                while (row.next()) {
                    constraints.put(
                            row.getLong("oid"),
                            new Constraint(
                                    row.getLong("conrelid"),
                                    row.getString("name"),
                                    row.getString("contype").charAt(0),
                                    row.getBoolean("convalidated")));
                }
            }
        }
        return new Catalog(Map.copyOf(relations), Map.copyOf(columns), Map.copyOf(constraints));
    }

    /** Tables and materialized views. */
    Stream<Map.Entry<Long, Relation>> tables() {
        return relations.entrySet().stream().filter(entry -> entry.getValue().isTable());
    }
}
