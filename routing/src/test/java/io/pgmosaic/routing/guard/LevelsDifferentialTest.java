package io.pgmosaic.routing.guard;

import io.pgmosaic.routing.hash.RandomTime;
import io.pgmosaic.routing.key.Key;
import io.pgmosaic.routing.key.KeyColumn;
import io.pgmosaic.routing.key.KeySchema;
import io.pgmosaic.routing.key.KeyType;
import io.pgmosaic.routing.key.KeyValue;
import io.pgmosaic.routing.map.RandomMaps;
import io.pgmosaic.routing.map.RowKey;
import io.pgmosaic.routing.map.ShardMap;
import io.pgmosaic.routing.map.UnplacedKeyException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
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

    @RepeatedTest(MAPS)
    void databaseAndMapAgree(RepetitionInfo repetition) throws SQLException {
        SplittableRandom random = new SplittableRandom(SEED + repetition.getCurrentRepetition());
        RandomMaps maps = new RandomMaps(random);
        KeyType type = maps.type();
        boolean ages = random.nextBoolean();
        boolean places = random.nextBoolean();
        List<Key> keys =
                IntStream.range(0, 40).mapToObj(i -> Key.of(maps.value())).toList();
        ShardMap map = maps.map(places, ages, keys);
        GuardedTable table = new GuardedTable(
                "public", "t", KeySchema.of(new KeyColumn("k", type)), places ? "where" : null, ages ? "at" : null);
        String shard = map.shards().get(random.nextInt(map.shards().size()));
        try (GuardedDatabase database = new GuardedDatabase()) {
            database.run("CREATE TABLE t (k " + type + ", \"where\" text, at timestamptz)");
            database.run(Guard.of(map, shard).install(List.of(table), GuardedDatabase.LOCK_TIMEOUT));
            int owned = 0;
            for (int i = 0; i < ROWS; i++) {
                RowKey row = new RowKey(
                        random.nextInt(3) == 0 ? keys.get(random.nextInt(keys.size())) : Key.of(maps.value()),
                        random.nextInt(5) == 0 ? null : random.nextInt(20) == 0 ? "mars" : maps.region(),
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
}
