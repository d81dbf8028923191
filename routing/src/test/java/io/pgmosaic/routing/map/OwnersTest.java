package io.pgmosaic.routing.map;

import io.pgmosaic.routing.key.Key;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/** The owner of a key, and those that follow it. */
class OwnersTest {
    private static final long SEED = 4711;

    @Test
    void theFirstOwnsTheKeyAndTheOthersFollowOnTheRing() {
        HashRing ring = HashRing.of(shards(6), 40);
        ShardMap map = ShardMap.of(1, ring);
        for (long key = 0; key < 2_000; key++) {
            Key found = Key.bigint(key);
            assertThat(map.ownersOf(RowKey.of(found), 4, shard -> null))
                    .isEqualTo(ring.owners(found.hash(), 4))
                    .startsWith(map.ownerOf(found));
        }
    }

    @Test
    void differentZonesComeFirstAsLongAsThereAreAny() {
        SplittableRandom random = new SplittableRandom(SEED);
        for (int round = 0; round < 300; round++) {
            int count = random.nextInt(1, 9);
            Map<String, String> zones = zones(random, 9);
            ShardMap map = ShardMap.of(1, HashRing.of(shards(9), 20));
            long known = zones.values().stream().distinct().count();
            long unknown = 9L - zones.size();
            Key key = Key.bigint(random.nextLong());
            List<String> owners = map.ownersOf(RowKey.of(key), count, zones::get);
            assertThat(owners).doesNotHaveDuplicates().hasSize(count).startsWith(map.ownerOf(key));
            Set<Object> different = Set.copyOf(owners.stream()
                    .map(shard -> (Object) zones.getOrDefault(shard, "of " + shard + " alone"))
                    .toList());
            assertThat((long) different.size())
                    .as("seed %d round %d: %s in %s", SEED, round, owners, zones)
                    .isEqualTo(Math.min(count, known + unknown));
        }
    }

    @Test
    void aShardThatJoinsIsTheOnlyOneThatBecomesAnOwner() {
        SplittableRandom random = new SplittableRandom(SEED);
        int changed = 0;
        for (int round = 0; round < 3_000; round++) {
            int count = random.nextInt(1, 6);
            Map<String, String> zones = zones(random, 9);
            Key key = Key.bigint(random.nextLong());
            List<String> before =
                    ShardMap.of(1, HashRing.of(shards(8), 20)).ownersOf(RowKey.of(key), count, zones::get);
            List<String> after = ShardMap.of(2, HashRing.of(shards(9), 20)).ownersOf(RowKey.of(key), count, zones::get);
            List<String> came = new ArrayList<>(after);
            came.removeAll(before);
            assertThat(came)
                    .as("seed %d round %d: %s, then %s, in %s", SEED, round, before, after, zones)
                    .isSubsetOf("s8");
            changed += came.size();
        }
        assertThat(changed).as("it does become one of some").isBetween(500, 2_000);
    }

    @Test
    void anOverriddenKeyIsFollowedByItsRing() {
        Key key = Key.bigint(42);
        HashRing ring = HashRing.of(shards(4));
        String second = ring.owners(key.hash(), 2).get(1);
        ShardMap map = ShardMap.of(1, ring, List.of(new KeyOverride(key, second)));
        assertThat(map.ownersOf(RowKey.of(key), 4, shard -> null))
                .startsWith(second, ring.owners(key.hash(), 1).getFirst())
                .containsExactlyInAnyOrderElementsOf(shards(4));
    }

    @Test
    void refusesWhatIsOnNoRing() {
        ShardMap ranges = ShardMap.of(1, HashRanges.even(shards(3)));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ranges.ownersOf(RowKey.of(Key.bigint(1)), 2, shard -> null))
                .withMessageContaining("on a consistent-hash ring alone");
        ShardMap ring = ShardMap.of(1, HashRing.of(shards(3)));
        for (int count : new int[] {-1, 0, 4}) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> ring.ownersOf(RowKey.of(Key.bigint(1)), count, shard -> null))
                    .withMessageContaining("has 1 to 3 on its ring");
        }
        ShardMap regions = ShardMap.of(
                1,
                List.of(new Region("eu", List.of(Period.always(HashRing.of(shards(3)))), List.of(), List.of())),
                null);
        assertThatExceptionOfType(UnplacedKeyException.class)
                .isThrownBy(() -> regions.ownersOf(RowKey.of(Key.bigint(1)), 2, shard -> null));
    }

    private static List<String> shards(int count) {
        return IntStream.range(0, count).mapToObj(i -> "s" + i).toList();
    }

    /** Of some shards the zone is not known. */
    private static Map<String, String> zones(SplittableRandom random, int shards) {
        Map<String, String> zones = new HashMap<>();
        int most = random.nextInt(1, 5);
        for (String shard : shards(shards)) {
            if (random.nextInt(5) > 0) {
                zones.put(shard, "z" + random.nextInt(most));
            }
        }
        return zones;
    }
}
