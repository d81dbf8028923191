package io.pgmosaic.operator.database;

import io.pgmosaic.maps.PlacedTable;
import io.pgmosaic.operator.ClusterKey;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/** Measures databases and their sharded tables, which has PostgreSQL look at every file, and so not at every visit. */
final class Sizes {
    private static final long EVERY_NANOS = TimeUnit.SECONDS.toNanos(30);

    /**
     * To be measured a relation is locked in the weakest mode; one that somebody has for himself would keep the operator
     * waiting, and everybody who comes after it.
     */
    private static final String TABLES = """
            SELECT n.nspname || '.' || c.relname,
                   pg_catalog.pg_total_relation_size(c.oid)
                   + coalesce((SELECT sum(pg_catalog.pg_total_relation_size(p.relid))
                               FROM pg_catalog.pg_partition_tree(c.oid) p WHERE p.relid <> c.oid), 0)
            FROM unnest(?::text[], ?::text[]) AS wanted (schema, name)
            JOIN pg_catalog.pg_namespace n ON n.nspname = wanted.schema
            JOIN pg_catalog.pg_class c ON c.relnamespace = n.oid AND c.relname = wanted.name
            WHERE c.relkind IN ('r', 'p')
              AND NOT EXISTS (SELECT FROM pg_catalog.pg_locks l
                              WHERE l.relation = c.oid AND l.mode = 'AccessExclusiveLock')
            """;

    private static final Logger LOG = Logger.getLogger(Sizes.class);

    private record Shard(ClusterKey cluster, String name) {}

    private record Measured(@Nullable DatabaseSize size, long at) {}

    private final Map<Shard, Measured> last = new ConcurrentHashMap<>();
    private final LongSupplier nanos;

    /** @param nanos as {@link System#nanoTime} */
    Sizes(LongSupplier nanos) {
        this.nanos = nanos;
    }

    /** The shard's size, at most half a minute old or so; null when it cannot be measured, which is no reason to fail. */
    @Nullable
    DatabaseSize of(DatabaseIntent intent, Connection connection) {
        Shard shard = new Shard(intent.cluster(), intent.shard());
        Measured before = last.get(shard);
        if (before != null && nanos.getAsLong() - before.at() < EVERY_NANOS) {
            return before.size();
        }
        DatabaseSize size;
        try {
            size = measure(intent, connection);
        } catch (SQLException e) {
            LOG.infof("the size of shard %s of %s is not known: %s", intent.shard(), intent.cluster(), e.getMessage());
            size = null;
        }
        last.put(shard, new Measured(size, nanos.getAsLong()));
        return size;
    }

    private static DatabaseSize measure(DatabaseIntent intent, Connection connection) throws SQLException {
        return new DatabaseSize(databaseBytes(connection), tableBytes(intent, connection));
    }

    private static long databaseBytes(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row =
                        statement.executeQuery("SELECT pg_catalog.pg_database_size(pg_catalog.current_database())")) {
            row.next();
            return row.getLong(1);
        }
    }

    private static Map<String, Long> tableBytes(DatabaseIntent intent, Connection connection) throws SQLException {
        Map<String, Long> bytes = new HashMap<>();
        Array schemas = connection.createArrayOf(
                "text",
                intent.tables().stream()
                        .map(PlacedTable::table)
                        .map(table -> table.schema())
                        .toArray());
        Array names = connection.createArrayOf(
                "text",
                intent.tables().stream()
                        .map(PlacedTable::table)
                        .map(table -> table.name())
                        .toArray());
        try (PreparedStatement statement = connection.prepareStatement(TABLES)) {
            statement.setArray(1, schemas);
            statement.setArray(2, names);
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    bytes.put(row.getString(1), row.getLong(2));
                }
            }
        }
        return bytes;
    }
}
