package io.pgmosaic.operator.directory;

import io.pgmosaic.api.v1alpha1.cluster.KeyColumn;
import io.pgmosaic.api.v1alpha1.cluster.KeyColumnType;
import io.pgmosaic.api.v1alpha1.cluster.TableSpec;
import io.pgmosaic.maps.Columns;
import io.pgmosaic.maps.PlacedTable;
import io.pgmosaic.operator.upkeep.ShardSessions;
import io.pgmosaic.routing.guard.Guard;
import io.pgmosaic.routing.guard.GuardSchema;
import io.pgmosaic.routing.guard.GuardedTable;
import io.pgmosaic.routing.key.Key;
import io.pgmosaic.routing.map.HashRanges;
import io.pgmosaic.routing.map.RowKey;
import io.pgmosaic.routing.map.ShardMap;
import io.pgmosaic.testing.ThrowawayPostgres;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/** Databases of shards s0 and s1, with a table of tenants' rows that a directory places. */
final class TwoShards implements ShardSessions {
    static final ShardMap MAP =
            ShardMap.of(1, HashRanges.even(List.of("s0", "s1"))).withDirectory();
    static final TableSpec TABLE = new TableSpec(
            "public",
            "things",
            List.of(new KeyColumn("tenant", KeyColumnType.BIGINT), new KeyColumn("id", KeyColumnType.BIGINT)));
    static final KeyTables TABLES = tables();

    private final ThrowawayPostgres postgres = ThrowawayPostgres.shared();
    private final Map<String, String> databases;
    private final GuardedTable guarded;
    private final Map<String, Long> terms = new ConcurrentHashMap<>();
    private volatile Consumer<Connection> opened = connection -> {};

    TwoShards() throws SQLException {
        databases = Map.of("s0", postgres.createDatabase(), "s1", postgres.createDatabase());
        guarded = new GuardedTable(
                "public",
                "things",
                Columns.schema(TABLES.tables().getFirst().table()).key());
        for (String shard : databases.keySet()) {
            execute(
                    shard,
                    "CREATE TABLE things (tenant bigint, id bigserial, PRIMARY KEY (tenant, id))",
                    GuardSchema.create(5_000),
                    Guard.of(MAP, shard).install(List.of(guarded), 5_000));
        }
    }

    private static KeyTables tables() {
        TableSpec byTenant = new TableSpec("public", "things", List.of(new KeyColumn("tenant", KeyColumnType.BIGINT)));
        return new KeyTables("", MAP, List.of(new PlacedTable(byTenant, MAP)), Set.of(byTenant.qualifiedName()));
    }

    static Tenant tenant(long key) {
        return Tenant.of(MAP, new RowKey(Key.bigint(key), null, null));
    }

    static String other(String shard) {
        return shard.equals("s0") ? "s1" : "s0";
    }

    /** Has another table guarded on a shard, of which {@link #TABLES} knows nothing. */
    void addTable(String shard, String name) throws SQLException {
        execute(
                shard,
                "CREATE TABLE " + name + " (tenant bigint, id bigserial, PRIMARY KEY (tenant, id))",
                Guard.of(MAP, shard).install(List.of(guarded, new GuardedTable("public", name, guarded.key())), 5_000));
    }

    /** Tells of each session that is opened for a change. */
    void whenOpened(Consumer<Connection> listener) {
        opened = listener;
    }

    private String name(String shard) {
        return Objects.requireNonNull(databases.get(shard));
    }

    Connection connect(String shard) throws SQLException {
        return DriverManager.getConnection(postgres.jdbcUrl(name(shard)));
    }

    @Override
    public Connection superuser(String shard) throws SQLException {
        Connection connection = DriverManager.getConnection(
                postgres.jdbcUrl(name(shard)) + "&options=-c%20search_path=pg_catalog%20-c%20lock_timeout=5s"
                        + "%20-c%20mosaic.term=" + terms.getOrDefault(shard, 1L));
        opened.accept(connection);
        return connection;
    }

    @Override
    public Connection owner(String shard) throws SQLException {
        return connect(shard);
    }

    void execute(String shard, String... statements) throws SQLException {
        try (Connection connection = connect(shard);
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    String one(String shard, String query) throws SQLException {
        try (Connection connection = connect(shard);
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(query)) {
            return row.next() ? row.getString(1) : "";
        }
    }

    /** Whoever logs in from now on finds a primary of this term. */
    void term(String shard, long term) {
        terms.put(shard, term);
    }

    List<String> list(String shard, String query) throws SQLException {
        try (Connection connection = connect(shard);
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(query)) {
            List<String> values = new ArrayList<>();
            while (row.next()) {
                values.add(row.getString(1));
            }
            return values;
        }
    }

    long misplaced(String shard) throws SQLException {
        return Long.parseLong(one(shard, Guard.of(MAP, shard).countMisplaced(guarded)));
    }
}
