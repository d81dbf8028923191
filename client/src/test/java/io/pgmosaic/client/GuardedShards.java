package io.pgmosaic.client;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.pgmosaic.client.connection.DatabaseServer;
import io.pgmosaic.routing.guard.Guard;
import io.pgmosaic.routing.guard.GuardSchema;
import io.pgmosaic.routing.guard.GuardedTable;
import io.pgmosaic.routing.key.KeyColumn;
import io.pgmosaic.routing.key.KeySchema;
import io.pgmosaic.routing.key.KeyType;
import io.pgmosaic.routing.map.ShardMap;
import io.pgmosaic.routing.recipe.MapRecipe;
import io.pgmosaic.routing.recipe.PlacementRecipe;
import io.pgmosaic.testing.ThrowawayPostgres;
import org.postgresql.ds.PGSimpleDataSource;

import javax.sql.DataSource;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Shards s0 and s1, a database each with the guard of a map, and the router that tells of them. */
public final class GuardedShards implements AutoCloseable {
    static final long LOCK_TIMEOUT = 5_000;
    static final List<String> NAMES = List.of("s0", "s1");

    private final Map<String, String> databases = new LinkedHashMap<>();
    private final FakeRouter router = new FakeRouter();
    private List<String> order;
    private long version;
    private long term = 1;

    public GuardedShards() throws SQLException {
        for (String shard : NAMES) {
            String database = ThrowawayPostgres.shared().createDatabase();
            databases.put(shard, database);
            run(shard, GuardSchema.create(LOCK_TIMEOUT));
            run(shard, "CREATE TABLE orders (customer_id bigint, note text, PRIMARY KEY (customer_id, note))");
            run(shard, "ALTER DATABASE " + database + " SET mosaic.shard = '" + shard + "'");
            run(shard, "ALTER DATABASE " + database + " SET mosaic.term = '1'");
        }
        order = NAMES;
        guard(1, NAMES);
        tell();
    }

    /** Hash ranges in an order of shards. */
    static MapRecipe recipe(long version, List<String> order) {
        return new MapRecipe(version, null, List.of(PlacementRecipe.evenHashRanges(order)), List.of());
    }

    /** Changes what the shards own. The router does not tell before {@link #tell}. */
    void guard(long newVersion, List<String> newOrder) throws SQLException {
        version = newVersion;
        order = newOrder;
        KeySchema rows = KeySchema.of(new KeyColumn("customer_id", KeyType.BIGINT));
        ShardMap map = recipe(newVersion, newOrder).compile(List.of(rows));
        for (String shard : NAMES) {
            run(shard, Guard.of(map, shard).install(List.of(new GuardedTable("public", "orders", rows)), LOCK_TIMEOUT));
        }
    }

    void term(long newTerm) throws SQLException {
        term = newTerm;
        for (Map.Entry<String, String> shard : databases.entrySet()) {
            run(shard.getKey(), "ALTER DATABASE " + shard.getValue() + " SET mosaic.term = '" + newTerm + "'");
        }
    }

    /** Has the router tell what is true. */
    void tell() {
        tell(NAMES);
    }

    /** Has the router tell of the map, and that only these shards have a primary. */
    void tell(List<String> withPrimary) {
        router.says("/v1/map", map());
        router.says("/v1/shards", shards(withPrimary));
    }

    Map<String, Object> map() {
        return Map.of(
                "clusterUid",
                "u1",
                "database",
                "app",
                "map",
                recipe(version, order),
                "tables",
                List.of(Map.of(
                        "schema",
                        "public",
                        "name",
                        "orders",
                        "key",
                        List.of(Map.of("column", "customer_id", "type", "BIGINT")))),
                "referenceTables",
                List.of("public.countries"),
                "routing",
                Map.of("maxReplicaLagMillis", 1_000));
    }

    /** Has the router tell of a map with one thing more. */
    void tellMapWith(String member, Object value) {
        Map<String, Object> map = new HashMap<>(map());
        Map<String, Object> recipe =
                new JsonMapper().convertValue(recipe(version, order), new TypeReference<Map<String, Object>>() {});
        recipe.put(member, value);
        map.put("map", recipe);
        router.says("/v1/map", map);
    }

    /** Has the router tell of a replica of one shard, which is the same server: all that is asked of it is true. */
    void tellWithReplica(String shard, long ofTerm, String lsn) {
        Map<String, Object> replica = new HashMap<>(server(shard));
        replica.put("lagMillis", 0);
        replica.put("position", Map.of("term", ofTerm, "lsn", lsn));
        Map<String, Object> told =
                Map.of("shard", shard, "term", term, "primary", server(shard), "replicas", List.of(replica));
        router.says("/v1/shards", Map.of("mapVersion", version, "database", "app", "shards", List.of(told)));
    }

    private Map<String, Object> shards(List<String> withPrimary) {
        List<Object> shards = new ArrayList<>();
        for (String shard : NAMES) {
            shards.add(
                    withPrimary.contains(shard)
                            ? Map.of("shard", shard, "term", term, "primary", server(shard), "replicas", List.of())
                            : Map.of("shard", shard, "term", term, "replicas", List.of(), "reason", "a failover"));
        }
        return Map.of("mapVersion", version, "database", "app", "shards", shards);
    }

    static Map<String, Object> server(String shard) {
        return Map.of("instance", "shop-" + shard + "-0", "host", "127.0.0.1", "port", 5432);
    }

    FakeRouter router() {
        return router;
    }

    /** The plain driver, without a pool. */
    DataSource source(DatabaseServer server) {
        PGSimpleDataSource source = new PGSimpleDataSource();
        source.setUrl(ThrowawayPostgres.shared().jdbcUrl(database(server.shard())));
        return source;
    }

    public String database(String shard) {
        return databases.getOrDefault(shard, "");
    }

    public ClientSettings settings() {
        return ClientSettings.defaults().withRouter(router.address());
    }

    public MosaicClient client() {
        return MosaicClient.create(settings(), this::source);
    }

    public void run(String shard, String sql) throws SQLException {
        try (Connection connection = ThrowawayPostgres.shared().connect(database(shard));
                Statement statement = connection.createStatement()) {
            statement.setEscapeProcessing(false);
            statement.execute(sql);
        }
    }

    /** The notes of a customer on one shard. */
    List<String> notes(String shard, long customer) throws SQLException {
        try (Connection connection = ThrowawayPostgres.shared().connect(database(shard));
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(
                        "SELECT note FROM orders WHERE customer_id = " + customer + " ORDER BY note")) {
            List<String> notes = new ArrayList<>();
            while (rows.next()) {
                notes.add(rows.getString(1));
            }
            return notes;
        }
    }

    /** The number that a query on a shard gives. */
    long count(String shard, String query) throws SQLException {
        try (Connection connection = ThrowawayPostgres.shared().connect(database(shard));
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(query)) {
            row.next();
            return row.getLong(1);
        }
    }

    @Override
    public void close() {
        router.close();
    }
}
