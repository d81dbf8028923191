package io.pgmosaic.operator.migration.check;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.Map;

/** How large the tables are on the shard where each is largest. */
public final class TableSizes {
    /** PostgreSQL reads that much in less time than anybody would wait for a lock. */
    static final long BIG_BYTES = 32L << 20;

    /** Of a partitioned table, all its partitions together. */
    private static final String SIZES = """
            SELECT pg_catalog.quote_ident(n.nspname) || '.' || pg_catalog.quote_ident(c.relname) AS name,
              (SELECT coalesce(sum(pg_catalog.pg_table_size(t.relid)), 0) FROM pg_catalog.pg_partition_tree(c.oid) AS t) AS parts,
              CASE WHEN c.relkind = 'p' THEN 0 ELSE pg_catalog.pg_table_size(c.oid) END AS own
            FROM pg_catalog.pg_class AS c JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
            WHERE c.relkind IN ('r', 'p', 'm') AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast', 'mosaic')
            """;

    /** One table on one shard. */
    record Size(long bytes, String shard) {}

    private final Map<String, Size> largest = new HashMap<>();

    /** Looks at one more shard. */
    public void add(String shard, Connection session) throws SQLException {
        try (Statement statement = session.createStatement();
                ResultSet row = statement.executeQuery(SIZES)) {
            while (row.next()) {
                add(row.getString("name"), shard, Math.max(row.getLong("parts"), row.getLong("own")));
            }
        }
    }

    void add(String table, String shard, long bytes) {
        largest.merge(table, new Size(bytes, shard), (one, other) -> one.bytes() >= other.bytes() ? one : other);
    }

    /** Of a table that no shard has, nothing. */
    Size of(String table) {
        return largest.getOrDefault(table, new Size(0, ""));
    }
}
