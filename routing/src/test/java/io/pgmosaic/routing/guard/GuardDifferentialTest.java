package io.pgmosaic.routing.guard;

import io.pgmosaic.routing.hash.RandomText;
import io.pgmosaic.routing.hash.RandomTime;
import io.pgmosaic.routing.key.Key;
import io.pgmosaic.routing.key.KeyColumn;
import io.pgmosaic.routing.key.KeySchema;
import io.pgmosaic.routing.key.KeyType;
import io.pgmosaic.routing.key.KeyValue;
import io.pgmosaic.routing.map.HashRange;
import io.pgmosaic.routing.map.HashRanges;
import io.pgmosaic.routing.map.HashRing;
import io.pgmosaic.routing.map.KeyOverride;
import io.pgmosaic.routing.map.Partitioning;
import io.pgmosaic.routing.map.ShardMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import static org.assertj.core.api.Assertions.assertThat;

/** A real database under the guard accepts exactly the keys that the map gives to its shard. */
class GuardDifferentialTest {
    private static final long SEED = Long.getLong("pgmosaic.test.seed", 20_260_102L);
    private static final List<String> SHARDS = List.of("s0", "s1", "s2");
    private static final int KEYS = 250;

    record Layout(String name, Partitioning partitioning, boolean overrides) {
        @Override
        public String toString() {
            return name;
        }
    }

    record Shape(String columns, KeySchema schema) {
        @Override
        public String toString() {
            return columns;
        }
    }

    record Case(Layout layout, Shape shape) {}

    static Stream<Case> cases() {
        List<HashRange> scattered = new ArrayList<>();
        IntStream.range(0, 60)
                .forEach(i ->
                        scattered.add(new HashRange(Long.MIN_VALUE + i * (Long.MAX_VALUE / 30), SHARDS.get(i % 3))));
        List<Layout> layouts = List.of(
                new Layout("even ranges", HashRanges.even(SHARDS), false),
                new Layout("even ranges with overrides", HashRanges.even(SHARDS), true),
                new Layout("60 ranges", new HashRanges(SHARDS, scattered), false),
                new Layout("ring with overrides", HashRing.of(SHARDS), true),
                new Layout(
                        "all but nothing", new HashRanges(SHARDS, List.of(new HashRange(Long.MIN_VALUE, "s0"))), true));
        KeyColumn tenant = new KeyColumn("Tenant \"x\"", KeyType.TEXT);
        KeyColumn id = new KeyColumn("id", KeyType.BIGINT);
        KeyColumn uuid = new KeyColumn("u", KeyType.UUID);
        List<Shape> shapes = List.of(
                new Shape("id bigint", KeySchema.of(id)),
                new Shape("\"Tenant \"\"x\"\"\" text", KeySchema.of(tenant)),
                new Shape("u uuid", KeySchema.of(uuid)),
                new Shape("at timestamptz", KeySchema.of(new KeyColumn("at", KeyType.TIMESTAMPTZ))),
                new Shape("\"Tenant \"\"x\"\"\" varchar, id int", KeySchema.of(tenant, id)),
                new Shape("u uuid, \"Tenant \"\"x\"\"\" text, id smallint", KeySchema.of(uuid, tenant, id)));
        return layouts.stream().flatMap(layout -> shapes.stream().map(shape -> new Case(layout, shape)));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void databaseAndMapAgree(Case given) throws SQLException {
        SplittableRandom random = new SplittableRandom(SEED);
        KeySchema schema = given.shape().schema();
        List<Key> keys = new ArrayList<>();
        for (int i = 0; i < KEYS; i++) {
            keys.add(key(random, schema, i));
        }
        List<KeyOverride> overrides = new ArrayList<>();
        if (given.layout().overrides()) {
            // More than the eight that are compared one by one, and some that say what the hash says anyway.
            keys.stream()
                    .distinct()
                    .limit(60)
                    .forEach(key -> overrides.add(new KeyOverride(key, SHARDS.get(random.nextInt(3)))));
            overrides.add(new KeyOverride(Key.of(new KeyValue.Text("of"), new KeyValue.Text("no table")), "s1"));
        }
        ShardMap map = ShardMap.of(7, given.layout().partitioning(), overrides);
        GuardedTable table = new GuardedTable("public", "t", schema);
        try (GuardedDatabase database = new GuardedDatabase()) {
            database.run("CREATE TABLE t (" + given.shape().columns() + ", n serial)");
            String shard = SHARDS.get(random.nextInt(3));
            Guard guard = Guard.of(map, shard);
            database.run(guard.install(List.of(table), GuardedDatabase.LOCK_TIMEOUT));
            String marks = String.join(
                    ", ", schema.columns().stream().map(column -> "?").toList());
            String insert = "INSERT INTO t VALUES (" + marks + ")";
            Set<String> foreign = new TreeSet<>();
            int accepted = 0;
            for (Key key : keys) {
                boolean owned = map.ownerOf(key).equals(shard);
                assertThat(database.accepts(insert, key))
                        .as("seed %d, shard %s, %s", SEED, shard, key)
                        .isEqualTo(owned);
                accepted += owned ? 1 : 0;
                if (!owned) {
                    foreign.add(String.join(
                            ",", key.values().stream().map(KeyValue::text).toList()));
                }
            }
            assertThat(database.one("SELECT count(*) FROM t")).isEqualTo(Integer.toString(accepted));
            assertThat(database.one(guard.countMisplaced(table))).isEqualTo("0");
            database.run("SET session_replication_role = replica");
            for (Key key : keys) {
                assertThat(database.accepts(insert, key)).isTrue();
            }
            assertThat(rows(database, guard.findMisplaced(table, 10_000), schema))
                    .isEqualTo(foreign);
            assertThat(database.rows(guard.findMisplaced(table, 1)).size()).isEqualTo(foreign.isEmpty() ? 0 : 1);
        }
    }

    /** A time with all of its six digits is the same key as without those that are 0. */
    private static Set<String> rows(GuardedDatabase database, String sql, KeySchema schema) throws SQLException {
        return schema.types().equals(List.of(KeyType.TIMESTAMPTZ))
                ? database.rows(sql).stream()
                        .map(text -> KeyType.TIMESTAMPTZ.parse(text).text())
                        .collect(Collectors.toCollection(TreeSet::new))
                : database.rows(sql);
    }

    private static Key key(SplittableRandom random, KeySchema schema, int number) {
        List<KeyValue> values = new ArrayList<>();
        // A compound key's number fits the smallest column type that a shape gives it.
        int narrow = schema.columns().size() > 1 ? Long.SIZE - Short.SIZE : 0;
        for (KeyColumn column : schema.columns()) {
            values.add(
                    switch (column.type()) {
                        case BIGINT -> new KeyValue.Bigint(random.nextLong() >> Math.max(narrow, number % Long.SIZE));
                        case TEXT ->
                            new KeyValue.Text(number == 0 ? "" : number == 1 ? "\\'; --" : RandomText.next(random, 30));
                        case UUID -> new KeyValue.Uuid(new UUID(random.nextLong(), random.nextLong()));
                        case TIMESTAMPTZ -> RandomTime.next(random);
                    });
        }
        return new Key(values);
    }
}
