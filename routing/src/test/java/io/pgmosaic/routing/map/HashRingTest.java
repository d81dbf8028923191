package io.pgmosaic.routing.map;

import io.pgmosaic.routing.hash.PostgresHash;
import io.pgmosaic.routing.key.Key;
import org.junit.jupiter.api.Test;

import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class HashRingTest {
    private static final List<String> FOUR = List.of("s0", "s1", "s2", "s3");
    private static final List<String> FIVE = List.of("s0", "s1", "s2", "s3", "s4");
    private static final long SEED = 4711;

    private static Stream<Key> keys() {
        return IntStream.range(0, 10_000).mapToObj(i -> i % 2 == 0 ? Key.bigint(i) : Key.text("user_" + i));
    }

    @Test
    void spreadsTenThousandKeysOverFourShards() {
        ShardMap map = ShardMap.of(1, HashRing.of(FOUR));
        Map<String, Integer> counts = new HashMap<>();
        keys().forEach(key -> counts.merge(map.ownerOf(key), 1, Integer::sum));
        assertThat(counts).hasSize(4);
        assertThat(counts.values()).allSatisfy(count -> assertThat(count).isBetween(2_000, 3_000));
    }

    @Test
    void aFifthShardTakesAFifthAndNothingElseMoves() {
        ShardMap before = ShardMap.of(1, HashRing.of(FOUR));
        ShardMap after = ShardMap.of(2, HashRing.of(FIVE));
        List<Key> moved = keys().filter(key -> !before.ownerOf(key).equals(after.ownerOf(key)))
                .toList();
        assertThat(moved).hasSizeBetween(1_500, 2_500).allSatisfy(key -> assertThat(after.ownerOf(key))
                .isEqualTo("s4"));
        MapDifference difference = MapDifference.between(before, after);
        assertThat(difference.share().orElseThrow()).isBetween(0.15, 0.25);
        assertThat(difference.moves()).hasSize(4).allSatisfy(move -> {
            assertThat(move.to()).isEqualTo("s4");
            assertThat(((MapDifference.Hashes) move.part()).segments()).allSatisfy(segment -> {
                assertThat(before.shardFor(segment.first())).isEqualTo(move.from());
                assertThat(after.shardFor(segment.last())).isEqualTo("s4");
            });
        });
    }

    @Test
    void compilesToTheWalkAroundTheRing() {
        HashRing ring = HashRing.of(FIVE, 40);
        ShardMap map = ShardMap.of(1, ring);
        TreeMap<Long, String> walk = new TreeMap<>();
        for (String shard : FIVE) {
            for (int i = 0; i < 40; i++) {
                walk.put(PostgresHash.text(shard + ":vn" + i, 0), shard);
            }
        }
        SplittableRandom random = new SplittableRandom(SEED);
        Stream<Long> hashes = Stream.concat(
                Stream.of(Long.MIN_VALUE, Long.MAX_VALUE),
                Stream.concat(
                        walk.keySet().stream().flatMap(at -> Stream.of(at - 1, at, at + 1)),
                        random.longs(20_000).boxed()));
        hashes.forEach(hash -> {
            Map.Entry<Long, String> next = walk.ceilingEntry(hash);
            String owner = next == null ? walk.firstEntry().getValue() : next.getValue();
            assertThat(map.shardFor(hash)).as("hash %d", hash).isEqualTo(owner);
            assertThat(ring.owners(hash, 1)).containsExactly(owner);
        });
    }

    @Test
    void theOrderOfTheListDoesNotMatter() {
        List<String> reversed = FIVE.reversed();
        ShardMap forward = ShardMap.of(1, HashRing.of(FIVE));
        ShardMap backward = ShardMap.of(1, HashRing.of(reversed));
        assertThat(MapDifference.between(forward, backward).moves()).isEmpty();
    }

    @Test
    void ownersAreDistinctAndTheShortListBeginsTheLongOne() {
        HashRing ring = HashRing.of(FIVE);
        SplittableRandom random = new SplittableRandom(SEED);
        random.longs(1_000).forEach(hash -> {
            List<String> all = ring.owners(hash, 5);
            assertThat(all).containsExactlyInAnyOrderElementsOf(FIVE);
            assertThat(ring.owners(hash, 3)).isEqualTo(all.subList(0, 3));
        });
    }

    @Test
    void whenAShardLeavesItsSecondOwnerTakesOver() {
        HashRing ring = HashRing.of(FIVE);
        ShardMap without = ShardMap.of(2, HashRing.of(FOUR));
        new SplittableRandom(SEED).longs(2_000).forEach(hash -> {
            List<String> two = ring.owners(hash, 2);
            assertThat(without.shardFor(hash)).isEqualTo(two.getFirst().equals("s4") ? two.get(1) : two.getFirst());
        });
    }

    @Test
    void oneShardOwnsAll() {
        ShardMap map = ShardMap.of(1, HashRing.of(List.of("only")));
        assertThat(map.segmentsOf("only")).containsExactly(new Segment(Long.MIN_VALUE, Long.MAX_VALUE));
        assertThat(map.segmentsOf("only").getFirst().share()).isEqualTo(1.0);
    }

    @Test
    void refusesWhatIsNoRing() {
        assertThatIllegalArgumentException().isThrownBy(() -> HashRing.of(List.of()));
        assertThatIllegalArgumentException().isThrownBy(() -> HashRing.of(FOUR, 0));
        assertThatIllegalArgumentException().isThrownBy(() -> HashRing.of(FOUR, 10_001));
        assertThatIllegalArgumentException().isThrownBy(() -> HashRing.of(Collections.nCopies(2, "a")));
        assertThatIllegalArgumentException().isThrownBy(() -> HashRing.of(FOUR).owners(0, 5));
        assertThatIllegalArgumentException().isThrownBy(() -> HashRing.of(FOUR).owners(0, 0));
    }
}
