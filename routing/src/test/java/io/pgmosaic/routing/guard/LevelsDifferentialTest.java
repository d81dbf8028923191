package io.pgmosaic.routing.guard;

import io.pgmosaic.routing.hash.RandomText;
import io.pgmosaic.routing.hash.RandomTime;
import io.pgmosaic.routing.key.Key;
import io.pgmosaic.routing.key.KeyColumn;
import io.pgmosaic.routing.key.KeySchema;
import io.pgmosaic.routing.key.KeyType;
import io.pgmosaic.routing.key.KeyValue;
import io.pgmosaic.routing.map.HashRanges;
import io.pgmosaic.routing.map.HashRing;
import io.pgmosaic.routing.map.KeyOverride;
import io.pgmosaic.routing.map.OrderedRange;
import io.pgmosaic.routing.map.OrderedRanges;
import io.pgmosaic.routing.map.Partitioning;
import io.pgmosaic.routing.map.Period;
import io.pgmosaic.routing.map.Region;
import io.pgmosaic.routing.map.RowKey;
import io.pgmosaic.routing.map.ShardMap;
import io.pgmosaic.routing.map.TimeSpan;
import io.pgmosaic.routing.map.UnplacedKeyException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;

import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.stream.IntStream;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Maps of random regions, periods, rules and overrides: a real database under the guard of a shard accepts exactly the rows
 * that the map gives to it, those without a region or a time among them.
 */
class LevelsDifferentialTest {
    private static final long SEED = Long.getLong("pgmosaic.test.seed", 20_260_104L);
    private static final int MAPS = 24;
    private static final int ROWS = 250;
    private static final List<String> REGIONS = List.of("eu", "us", "o'hara");

    private static final List<KeyType> TYPES = List.of(KeyType.values());

    private SplittableRandom random = new SplittableRandom(SEED);
    private KeyType type = KeyType.BIGINT;

    @RepeatedTest(MAPS)
    void databaseAndMapAgree(RepetitionInfo repetition) throws SQLException {
        random = new SplittableRandom(SEED + repetition.getCurrentRepetition());
        type = TYPES.get(random.nextInt(TYPES.size()));
        boolean ages = random.nextBoolean();
        boolean places = random.nextBoolean();
        List<Key> keys = IntStream.range(0, 40).mapToObj(i -> Key.of(value())).toList();
        ShardMap map = map(places, ages, keys);
        GuardedTable table = new GuardedTable(
                "public", "t", KeySchema.of(new KeyColumn("k", type)), places ? "where" : null, ages ? "at" : null);
        String shard = map.shards().get(random.nextInt(map.shards().size()));
        try (GuardedDatabase database = new GuardedDatabase()) {
            database.run("CREATE TABLE t (k " + type + ", \"where\" text, at timestamptz)");
            database.run(Guard.of(map, shard).install(List.of(table), GuardedDatabase.LOCK_TIMEOUT));
            int owned = 0;
            for (int i = 0; i < ROWS; i++) {
                RowKey row = new RowKey(
                        random.nextInt(3) == 0 ? keys.get(random.nextInt(keys.size())) : Key.of(value()),
                        random.nextInt(5) == 0 ? null : random.nextInt(20) == 0 ? "mars" : oneOf(REGIONS),
                        random.nextInt(20) == 0 ? null : RandomTime.next(random));
                boolean owns = shard.equals(ownerOf(map, row));
                owned += owns ? 1 : 0;
                assertThat(database.accepts("INSERT INTO t VALUES (?, ?, ?)", values(row)))
                        .as("seed %d, shard %s of %s, %s", SEED, shard, map.regions(), row)
                        .isEqualTo(owns);
            }
            assertThat(database.one("SELECT count(*) FROM t")).isEqualTo(Integer.toString(owned));
            assertThat(database.one(Guard.of(map, shard).countMisplaced(table))).isEqualTo("0");
            List<@Nullable KeyValue> keyless = new ArrayList<>(values(
                    new RowKey(keys.getFirst(), places ? map.homeOf(shard).name() : null, RandomTime.next(random))));
            keyless.set(0, null);
            assertThat(database.accepts("INSERT INTO t VALUES (?, ?, ?)", keyless))
                    .as("a row without a key is nobody's")
                    .isFalse();
        }
    }

    @Nullable
    private static String ownerOf(ShardMap map, RowKey row) {
        try {
            return map.ownerOf(row);
        } catch (UnplacedKeyException nobodys) {
            return null;
        }
    }

    private static List<@Nullable KeyValue> values(RowKey row) {
        return Arrays.asList(
                row.key().values().getFirst(),
                row.region() == null ? null : new KeyValue.Text(row.region()),
                row.time());
    }

    private ShardMap map(boolean places, boolean ages, List<Key> keys) {
        if (!places) {
            return ShardMap.of(7, region(null, ages, keys));
        }
        return ShardMap.of(
                7,
                REGIONS.stream().map(name -> region(name, ages, keys)).toList(),
                random.nextBoolean() ? oneOf(REGIONS) : null);
    }

    private Region region(@Nullable String name, boolean ages, List<Key> keys) {
        String prefix = name == null ? "s" : name.substring(0, 1);
        List<String> shards = List.of(prefix + 0, prefix + 1, prefix + 2);
        List<KeyValue.Timestamp> bounds = ages
                ? IntStream.range(0, 1 + random.nextInt(4))
                        .mapToObj(i -> RandomTime.next(random))
                        .sorted((one, other) -> Long.compare(one.micros(), other.micros()))
                        .toList()
                : List.of();
        List<Period> periods = new ArrayList<>();
        if (bounds.isEmpty() || random.nextBoolean()) {
            periods.add(period(null, bounds.isEmpty() ? null : bounds.getFirst(), shards));
        }
        for (int i = 0; i < bounds.size(); i++) {
            boolean last = i == bounds.size() - 1;
            if (!last || periods.isEmpty() || random.nextBoolean()) {
                periods.add(period(bounds.get(i), last ? null : bounds.get(i + 1), shards));
            }
        }
        List<KeyOverride> overrides = new ArrayList<>();
        for (Key key : keys.stream().distinct().toList()) {
            if (random.nextBoolean()) {
                overrides.add(new KeyOverride(key, random.nextInt(4) == 0 ? prefix + "vip" : oneOf(shards)));
            }
        }
        return new Region(name, periods, List.of(prefix + "vip"), overrides);
    }

    private Period period(KeyValue.@Nullable Timestamp from, KeyValue.@Nullable Timestamp until, List<String> shards) {
        return new Period(new TimeSpan(from, until), null, partitioning(shards));
    }

    private Partitioning partitioning(List<String> shards) {
        return switch (random.nextInt(3)) {
            case 0 -> HashRanges.even(shards);
            case 1 -> HashRing.of(shards, 1 + random.nextInt(20));
            default -> type == KeyType.UUID ? HashRanges.even(shards) : ordered(shards);
        };
    }

    private OrderedRanges ordered(List<String> shards) {
        List<KeyValue> bounds = IntStream.range(0, 2 + random.nextInt(12))
                .mapToObj(i -> value())
                .distinct()
                .sorted(LevelsDifferentialTest::compare)
                .toList();
        List<OrderedRange> ranges = new ArrayList<>();
        if (random.nextBoolean()) {
            ranges.add(new OrderedRange(null, bounds.getFirst(), oneOf(shards)));
        }
        for (int i = 0; i + 1 < bounds.size(); i++) {
            ranges.add(new OrderedRange(bounds.get(i), bounds.get(i + 1), oneOf(shards)));
        }
        if (ranges.isEmpty() || random.nextBoolean()) {
            ranges.add(new OrderedRange(bounds.getLast(), null, oneOf(shards)));
        }
        return new OrderedRanges(shards, type, ranges);
    }

    private static int compare(KeyValue one, KeyValue other) {
        return switch (one) {
            case KeyValue.Bigint number -> Long.compare(number.value(), ((KeyValue.Bigint) other).value());
            case KeyValue.Timestamp time -> time.instant().compareTo(((KeyValue.Timestamp) other).instant());
            case KeyValue.Text text ->
                Arrays.compareUnsigned(
                        text.value().getBytes(StandardCharsets.UTF_8),
                        other.text().getBytes(StandardCharsets.UTF_8));
            case KeyValue.Uuid uuid -> throw new AssertionError("UUIDs have no ranges: " + uuid);
        };
    }

    private KeyValue value() {
        return switch (type) {
            case BIGINT -> new KeyValue.Bigint(random.nextLong() >> random.nextInt(Long.SIZE));
            case TEXT -> new KeyValue.Text(RandomText.next(random, 12));
            case UUID -> new KeyValue.Uuid(new UUID(random.nextLong(), random.nextLong()));
            case TIMESTAMPTZ -> RandomTime.next(random);
        };
    }

    private String oneOf(List<String> list) {
        return list.get(random.nextInt(list.size()));
    }
}
