package io.pgmosaic.routing.split;

import io.pgmosaic.routing.key.KeyType;
import io.pgmosaic.routing.key.KeyValue;
import io.pgmosaic.routing.map.HashRanges;
import io.pgmosaic.routing.map.HashRing;
import io.pgmosaic.routing.map.Holding;
import io.pgmosaic.routing.map.OrderedRange;
import io.pgmosaic.routing.map.OrderedRanges;
import io.pgmosaic.routing.map.Partitioning;
import io.pgmosaic.routing.map.Segment;
import io.pgmosaic.routing.map.ShardMap;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.stream.LongStream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

class SplitTest {
    private static final long SEED = Long.getLong("pgmosaic.test.seed", 20_261_123L);
    private static final HashRanges TWO = HashRanges.even(List.of("s0", "s1"));

    private static List<Segment> segments(Partitioning partitioning, String shard) {
        return ShardMap.of(1, partitioning).holdingsOf(shard).stream()
                .flatMap(holding -> ((Holding.Hashes) holding).segments().stream())
                .toList();
    }

    private static String owner(Partitioning partitioning, long hash) {
        return partitioning.shards().stream()
                .filter(shard -> segments(partitioning, shard).stream().anyMatch(segment -> segment.contains(hash)))
                .findFirst()
                .orElseThrow();
    }

    /** Maps that were split again and again. Who did not own a hash does not get it, and who did passes it on by the bounds. */
    @Test
    void everyHashIsOwnedByThePartThatItIsIn() {
        SplittableRandom random = new SplittableRandom(SEED);
        for (int round = 0; round < 200; round++) {
            List<String> names = new ArrayList<>(List.of("a", "b", "c"));
            Partitioning map =
                    random.nextBoolean() ? HashRanges.even(names) : HashRing.of(names, 1 + random.nextInt(20));
            for (int split = 0; split < 4; split++) {
                String source = names.get(random.nextInt(names.size()));
                int count = 2 + random.nextInt(3);
                List<Long> bounds =
                        random.nextBoolean() ? HashSplit.even(map, source, count) : sampled(map, source, count, random);
                List<String> shards = new ArrayList<>();
                for (int i = 0; i < count; i++) {
                    shards.add(i == 0 && random.nextBoolean() ? source : "r" + round + "-" + split + "-" + i);
                }
                HashRanges after = HashSplit.apply(map, source, new Parts<>(shards, bounds));
                for (int i = 0; i < 100; i++) {
                    long hash = i < bounds.size() ? bounds.get(i) : random.nextLong();
                    String before = owner(map, hash);
                    long index = bounds.stream().filter(bound -> bound <= hash).count();
                    assertThat(owner(after, hash))
                            .as("seed " + SEED + ", round " + round)
                            .isEqualTo(before.equals(source) ? shards.get((int) index) : before);
                }
                names.remove(source);
                names.addAll(shards);
                assertThat(after.shards()).containsExactlyInAnyOrderElementsOf(names);
                map = after;
            }
        }
    }

    private static List<Long> sampled(Partitioning map, String source, int count, SplittableRandom random) {
        List<Long> hashes = LongStream.generate(random::nextLong)
                .filter(hash -> owner(map, hash).equals(source))
                .limit(50)
                .boxed()
                .toList();
        return Sample.quantiles(hashes, count, Comparator.naturalOrder());
    }

    @Test
    void evenPartsAreEven() {
        HashRing ring = HashRing.of(List.of("a", "b", "c"), 50);
        HashRanges after =
                HashSplit.apply(ring, "b", new Parts<>(List.of("b", "b2", "b3"), HashSplit.even(ring, "b", 3)));
        double[] shares = after.shards().stream()
                .mapToDouble(shard -> segments(after, shard).stream()
                        .mapToDouble(Segment::share)
                        .sum())
                .toArray();
        assertThat(shares[3]).isCloseTo(shares[1], within(1e-9));
        assertThat(shares[4]).isCloseTo(shares[1], within(1e-9));
        assertThat(Arrays.stream(shares).sum()).isCloseTo(1, within(1e-9));
    }

    @Test
    void valuesOfEachPartAreItsOwn() {
        SplittableRandom random = new SplittableRandom(SEED);
        for (int round = 0; round < 300; round++) {
            TreeSet<Long> cuts = new TreeSet<>();
            while (cuts.size() < 6) {
                cuts.add(random.nextLong(-1_000, 1_000));
            }
            List<Long> all = List.copyOf(cuts);
            // Two ranges of the source, with another's between them; open at one end or both.
            OrderedRanges map = new OrderedRanges(
                    List.of("a", "b"),
                    KeyType.BIGINT,
                    List.of(
                            new OrderedRange(random.nextBoolean() ? null : number(all.get(0)), number(all.get(2)), "a"),
                            new OrderedRange(number(all.get(2)), number(all.get(3)), "b"),
                            new OrderedRange(
                                    number(all.get(3)), random.nextBoolean() ? null : number(all.get(5)), "a")));
            List<KeyValue> bounds = List.of(number(all.get(1)), number(all.get(4)));
            List<String> shards = List.of("a", "x", "y");
            OrderedRanges after = ValueSplit.apply(map, "a", new Parts<>(shards, bounds));
            for (long value : all) {
                for (long near = value - 1; near <= value + 1; near++) {
                    long here = near;
                    String before = ownerOf(map, here);
                    long index = bounds.stream()
                            .filter(bound -> OrderedRanges.compare(bound, number(here)) <= 0)
                            .count();
                    assertThat(ownerOf(after, here))
                            .as("seed " + SEED + ", " + here)
                            .isEqualTo(before.equals("a") ? shards.get((int) index) : before);
                }
            }
        }
    }

    private static KeyValue number(long value) {
        return new KeyValue.Bigint(value);
    }

    private static String ownerOf(OrderedRanges map, long value) {
        return map.ranges().stream()
                .filter(range -> (range.from() == null || OrderedRanges.compare(range.from(), number(value)) <= 0)
                        && (range.until() == null || OrderedRanges.compare(number(value), range.until()) < 0))
                .map(OrderedRange::shard)
                .findFirst()
                .orElse("nobody");
    }

    @Test
    void quantilesPartTheRowsAndNotTheHashes() {
        List<Long> skewed = new ArrayList<>();
        for (long i = 0; i < 1_000; i++) {
            skewed.add(i < 900 ? i : i * 1_000_000);
        }
        List<Long> bounds = Sample.quantiles(skewed, 4, Comparator.naturalOrder());
        Map<Long, Integer> parts = new HashMap<>();
        skewed.forEach(place ->
                parts.merge(bounds.stream().filter(bound -> bound <= place).count(), 1, Integer::sum));
        assertThat(parts.values()).containsOnly(250);
    }

    @Test
    void refusesWhatIsNoSplit() {
        assertThatThrownBy(() -> new Parts<>(List.of("x"), List.of())).hasMessageContaining("two parts or more");
        assertThatThrownBy(() -> new Parts<>(List.of("x", "y"), List.of())).hasMessageContaining("1 split points");
        assertThatThrownBy(() -> new Parts<>(List.of("x", "x"), List.of(5L))).hasMessageContaining("two parts are for");
        refusesHashes(List.of("x", "y"), List.of(0L), "would have nothing");
        refusesHashes(List.of("x", "y"), List.of(Long.MIN_VALUE), "would have nothing");
        refusesHashes(List.of("x", "y", "z"), List.of(-5L, -7L), "rise");
        refusesHashes(List.of("x", "y", "z"), List.of(-5L, -5L), "rise");
        refusesHashes(List.of("x", "s1"), List.of(-5L), "owns hashes already");
        assertThatThrownBy(() -> HashSplit.apply(TWO, "s7", new Parts<>(List.of("x", "y"), List.of(-5L))))
                .hasMessageContaining("owns no hash");
        assertThatThrownBy(() -> Sample.quantiles(List.of(1L, 1L, 1L), 2, Comparator.naturalOrder()))
                .hasMessageContaining("too few different keys");
        assertThatThrownBy(() -> Sample.quantiles(List.<Long>of(), 2, Comparator.naturalOrder()))
                .hasMessageContaining("too few different keys");
    }

    private static void refusesHashes(List<String> shards, List<Long> bounds, String words) {
        assertThatThrownBy(() -> HashSplit.apply(TWO, "s0", new Parts<>(shards, bounds)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(words);
    }
}
