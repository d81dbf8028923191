package io.pgmosaic.operator.directory;

import io.pgmosaic.api.v1alpha1.cluster.KeyColumn;
import io.pgmosaic.api.v1alpha1.cluster.KeyColumnType;
import io.pgmosaic.api.v1alpha1.cluster.TableSpec;
import io.pgmosaic.maps.Columns;
import io.pgmosaic.maps.PlacedTable;
import io.pgmosaic.operator.upkeep.TwoDatabases;
import io.pgmosaic.routing.guard.Guard;
import io.pgmosaic.routing.guard.GuardSchema;
import io.pgmosaic.routing.guard.GuardedTable;
import io.pgmosaic.routing.key.Key;
import io.pgmosaic.routing.map.HashRanges;
import io.pgmosaic.routing.map.RowKey;
import io.pgmosaic.routing.map.ShardMap;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/** Databases of shards s0 and s1, with a table of tenants' rows that a directory places. */
final class TwoShards extends TwoDatabases {
    static final ShardMap MAP =
            ShardMap.of(1, HashRanges.even(List.of("s0", "s1"))).withDirectory();
    static final TableSpec TABLE = new TableSpec(
            "public",
            "things",
            List.of(new KeyColumn("tenant", KeyColumnType.BIGINT), new KeyColumn("id", KeyColumnType.BIGINT)));
    static final KeyTables TABLES = tables();

    private final GuardedTable guarded;
    private final Map<String, Long> terms = new ConcurrentHashMap<>();
    private volatile Consumer<Connection> opened = connection -> {};

    TwoShards() throws SQLException {
        guarded = new GuardedTable(
                "public",
                "things",
                Columns.schema(TABLES.tables().getFirst().table()).key());
        for (String shard : shards()) {
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

    @Override
    public Connection superuser(String shard) throws SQLException {
        Connection connection = superuser(shard, "%20-c%20mosaic.term=" + terms.getOrDefault(shard, 1L));
        opened.accept(connection);
        return connection;
    }

    /** Whoever logs in from now on finds a primary of this term. */
    void term(String shard, long term) {
        terms.put(shard, term);
    }

    long misplaced(String shard) throws SQLException {
        return Long.parseLong(one(shard, Guard.of(MAP, shard).countMisplaced(guarded)));
    }
}
