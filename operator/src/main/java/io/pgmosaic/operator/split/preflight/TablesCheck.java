package io.pgmosaic.operator.split.preflight;

import io.pgmosaic.operator.split.MovingTable;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/** Whether the rows of the declared tables can be copied and streamed, and what is beside them. */
final class TablesCheck {
    private static final String USERS_TABLE = "n.nspname NOT IN ('pg_catalog', 'information_schema', 'mosaic')"
            + " AND n.nspname NOT LIKE 'pg\\_%' AND c.relpersistence <> 't'";

    /** By declared table: what it is, and whether its rows are told apart by columns that are sent with every change. */
    private static final String TABLE = """
            SELECT c.relkind, c.relpersistence, c.relreplident,
              EXISTS (SELECT FROM pg_index i WHERE i.indrelid = c.oid AND i.indisprimary AND i.indisvalid),
              EXISTS (SELECT FROM pg_inherits h WHERE h.inhparent = c.oid) AND c.relkind = 'r',
              CASE WHEN c.relkind = 'p' THEN (SELECT coalesce(sum(pg_table_size(p.relid)), 0)
                FROM pg_partition_tree(c.oid) p) ELSE pg_table_size(c.oid) END,
              EXISTS (SELECT FROM pg_partition_tree(c.oid) p JOIN pg_class q ON q.oid = p.relid
                WHERE q.relpersistence = 'u' OR q.relkind = 'f')
            FROM pg_class c WHERE c.oid = to_regclass(?)
            """;

    /** Tables that reference or are referenced, where one of both is declared and the other is not. */
    private static final String STRAY_REFERENCES = """
            SELECT k.conname, k.conrelid::regclass::text, k.confrelid::regclass::text FROM pg_constraint k
            WHERE k.contype = 'f' AND k.conparentid = 0
              AND (k.conrelid = ANY (?::oid[])) <> (k.confrelid = ANY (?::oid[]))
            """;

    private static final String OTHERS =
            "SELECT c.oid::regclass::text FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE "
                    + USERS_TABLE + " AND c.relkind IN ('r', 'p') AND NOT c.relispartition AND c.oid <> ALL (?::oid[])"
                    + " AND NOT EXISTS (SELECT FROM pg_depend e WHERE e.classid = 'pg_class'::regclass AND e.objid = c.oid"
                    + " AND e.deptype = 'e')";

    private static final String OTHERS_WITH_ROWS =
            OTHERS + " AND (c.relkind = 'p' OR c.reltuples > 0 OR pg_relation_size(c.oid) > 0)";

    private record Table(
            String kind,
            String persistence,
            String identity,
            boolean hasPrimaryKey,
            boolean isInherited,
            long bytes,
            boolean hasUnstreamedPart) {}

    private final Connection catalog;
    private final Connection rows;
    private final List<MovingTable> tables;
    private final Preflight.Limits limits;
    private final List<PreflightFinding> found = new ArrayList<>();

    TablesCheck(Connection catalog, Connection rows, List<MovingTable> tables, Preflight.Limits limits) {
        this.catalog = catalog;
        this.rows = rows;
        this.tables = tables;
        this.limits = limits;
    }

    List<PreflightFinding> findings() throws SQLException {
        long bytes = 0;
        List<String> oids = new ArrayList<>();
        for (MovingTable table : tables) {
            bytes += look(table, oids);
        }
        if (limits.spareBytes() > 0 && bytes > limits.spareBytes()) {
            found.add(PreflightFinding.problem(
                    "disk",
                    "the tables have " + bytes + " bytes, of which a part moves, and the target has room for "
                            + limits.spareBytes(),
                    "Give the shards larger volumes."));
        }
        String declared = "{" + String.join(",", oids) + "}";
        besides(declared);
        return found;
    }

    /** The table's size in bytes. */
    private long look(MovingTable table, List<String> oids) throws SQLException {
        int before = found.size();
        String name = table.qualifiedName();
        List<Table> seen = Rows.all(
                catalog,
                TABLE,
                row -> new Table(
                        row.getString(1),
                        row.getString(2),
                        row.getString(3),
                        row.getBoolean(4),
                        row.getBoolean(5),
                        row.getLong(6),
                        row.getBoolean(7)),
                name);
        if (seen.isEmpty()) {
            problem(name, "it does not exist", "Create it, or take it out of the cluster's list of tables.");
            return 0;
        }
        oids.addAll(Rows.texts(
                catalog,
                "SELECT to_regclass(?)::oid UNION SELECT relid::oid FROM pg_partition_tree(to_regclass(?))",
                name,
                name));
        Table one = seen.getFirst();
        if (!one.kind().equals("r") && !one.kind().equals("p")) {
            problem(name, "it is no table", "List the table itself.");
            return 0;
        }
        if (one.persistence().equals("u") || one.hasUnstreamedPart()) {
            problem(
                    name,
                    "it is unlogged, or one of its partitions is unlogged or foreign; changes of such rows cannot be streamed",
                    "ALTER TABLE ... SET LOGGED, or take the partition off.");
        }
        identity(table, one);
        if (canBeRead(table) && found.size() == before && !table.isReference()) {
            filter(table);
        }
        if (one.isInherited()) {
            found.add(PreflightFinding.information(
                    name, "tables inherit from it; they are tables of their own, and move only if they are declared"));
        }
        return one.bytes();
    }

    private void identity(MovingTable table, Table one) {
        String name = table.qualifiedName();
        boolean keyed = one.hasPrimaryKey() && one.identity().equals("d");
        if (!keyed && !one.identity().equals("f") && !one.identity().equals("i")) {
            problem(
                    name,
                    one.hasPrimaryKey()
                            ? "its replica identity is NOTHING, so that its updates and deletes would be refused"
                            : "it has no primary key, so that its updates and deletes would be refused",
                    one.hasPrimaryKey()
                            ? "ALTER TABLE " + name + " REPLICA IDENTITY DEFAULT"
                            : "ALTER TABLE " + name + " ADD PRIMARY KEY (...)");
        }
    }

    /** What PostgreSQL itself says to a filter and to the role that moves rows, found out without changing anything. */
    private boolean canBeRead(MovingTable table) {
        String name = table.qualifiedName();
        try (Statement statement = rows.createStatement()) {
            statement.execute(
                    "EXPLAIN SELECT FROM " + name + " AS " + MovingTable.ALIAS + " WHERE " + table.condition());
            statement.execute("SELECT FROM " + name + " LIMIT 0");
        } catch (SQLException e) {
            problem(
                    name,
                    "its rows cannot be read by the role that moves them: " + e.getMessage(),
                    "ALTER TABLE " + name + " OWNER TO the database's owner.");
            return false;
        }
        return true;
    }

    private void filter(MovingTable table) throws SQLException {
        catalog.setAutoCommit(false);
        try (Statement statement = catalog.createStatement()) {
            statement.execute("CREATE PUBLICATION mosaic_s_preflight FOR TABLE " + table.qualifiedName() + " WHERE ("
                    + table.rowFilter() + ") WITH (publish_via_partition_root = true)");
            for (String column : Rows.texts(catalog, UNIDENTIFIED, table.qualifiedName())) {
                problem(
                        table.qualifiedName(),
                        "column " + column + " decides where a row lives and is not in its replica identity",
                        "Make it part of the primary key, or ALTER TABLE " + table.qualifiedName()
                                + " REPLICA IDENTITY FULL.");
            }
        } catch (SQLException e) {
            problem(
                    table.qualifiedName(),
                    "PostgreSQL does not take the rule by which its rows move as a filter: " + e.getMessage(),
                    "Ask what the error says of the key's column.");
        } finally {
            catalog.rollback();
            catalog.setAutoCommit(true);
        }
    }

    /** Columns of the publication's filter, which the catalog keeps as a tree of nodes, that changes would not carry. */
    private static final String UNIDENTIFIED = """
            SELECT a.attname FROM pg_publication_rel r
            JOIN pg_publication p ON p.oid = r.prpubid AND p.pubname = 'mosaic_s_preflight'
            JOIN pg_class c ON c.oid = r.prrelid AND c.oid = to_regclass(?) AND c.relreplident IN ('d', 'i')
            JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0
              AND r.prqual::text ~ (':varattno ' || a.attnum || ' ')
            WHERE NOT EXISTS (SELECT FROM pg_index i WHERE i.indrelid = c.oid AND a.attnum = ANY (i.indkey::int2[])
              AND CASE c.relreplident WHEN 'd' THEN i.indisprimary ELSE i.indisreplident END)
            """;

    private void besides(String declared) throws SQLException {
        for (List<String> key : Rows.all(
                catalog,
                STRAY_REFERENCES,
                row -> List.of(row.getString(1), row.getString(2), row.getString(3)),
                declared,
                declared)) {
            problem(
                    key.get(1),
                    "foreign key " + key.get(0) + " goes from it to " + key.get(2)
                            + ", and only one of both is declared as sharded or as a reference table",
                    "Declare the other one too, or drop the foreign key.");
        }
        if (limits.sourceStays()) {
            for (String other : Rows.texts(catalog, OTHERS_WITH_ROWS, declared)) {
                found.add(PreflightFinding.information(other, "it is declared nowhere; its rows stay where they are"));
            }
        } else {
            // One that is empty now can have rows until the source goes.
            for (String other : Rows.texts(catalog, OTHERS, declared)) {
                problem(
                        other,
                        "it is declared neither as sharded nor as a reference table, so its rows would be lost with the source, which the split removes",
                        "Declare it, drop it, or have the source keep a part.");
            }
        }
        if (!Rows.texts(catalog, "SELECT 'x' FROM pg_largeobject_metadata LIMIT 1")
                .isEmpty()) {
            found.add(PreflightFinding.problem(
                    "large objects",
                    "the database has large objects, which are neither copied nor streamed",
                    "Keep them in columns of type bytea, or lo_unlink those that nothing needs."));
        }
    }

    private void problem(String about, String message, String advice) {
        found.add(PreflightFinding.problem(about, message, advice));
    }
}
