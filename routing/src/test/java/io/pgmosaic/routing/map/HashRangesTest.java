package io.pgmosaic.routing.map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.List;
import java.util.stream.IntStream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

class HashRangesTest {
    private static final List<String> AB = List.of("a", "b");

    @Test
    void evenRangesOfTwoShardsMeetAtZero() {
        ShardMap map = ShardMap.of(1, HashRanges.even(AB));
        assertThat(map.segmentsOf("a")).containsExactly(new Segment(Long.MIN_VALUE, -1));
        assertThat(map.segmentsOf("b")).containsExactly(new Segment(0, Long.MAX_VALUE));
        assertThat(map.shardFor(Long.MIN_VALUE)).isEqualTo("a");
        assertThat(map.shardFor(-1)).isEqualTo("a");
        assertThat(map.shardFor(0)).isEqualTo("b");
        assertThat(map.shardFor(Long.MAX_VALUE)).isEqualTo("b");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 7, 64, 1000})
    void evenRangesAreOfEqualSizeAndCoverEverything(int count) {
        List<String> shards = IntStream.range(0, count).mapToObj(i -> "s" + i).toList();
        ShardMap map = ShardMap.of(1, HashRanges.even(shards));
        long next = Long.MIN_VALUE;
        for (String shard : shards) {
            Segment segment = map.segmentsOf(shard).getFirst();
            assertThat(segment.first()).isEqualTo(next);
            assertThat(segment.share()).isCloseTo(1.0 / count, within(1e-12));
            assertThat(map.shardFor(segment.first())).isEqualTo(shard);
            assertThat(map.shardFor(segment.last())).isEqualTo(shard);
            next = segment.last() + 1;
        }
        assertThat(next).as("wrapped once").isEqualTo(Long.MIN_VALUE);
    }

    @Test
    void neighboursOfOneShardAreOneSegment() {
        HashRanges ranges = new HashRanges(
                List.of("a", "b", "idle"),
                List.of(
                        new HashRange(Long.MIN_VALUE, "a"),
                        new HashRange(-5, "a"),
                        new HashRange(7, "b"),
                        new HashRange(8, "a")));
        ShardMap map = ShardMap.of(1, ranges);
        assertThat(map.segmentsOf("a")).containsExactly(new Segment(Long.MIN_VALUE, 6), new Segment(8, Long.MAX_VALUE));
        assertThat(map.segmentsOf("b")).containsExactly(new Segment(7, 7));
        assertThat(map.segmentsOf("idle")).isEmpty();
    }

    @Test
    void findsBoundsThatCrowdInOneCorner() {
        List<HashRange> crowded = IntStream.range(0, 5000)
                .mapToObj(i -> new HashRange(i == 0 ? Long.MIN_VALUE : 100 + i, AB.get(i % 2)))
                .toList();
        ShardMap map = ShardMap.of(1, new HashRanges(AB, crowded));
        for (int i = 1; i < crowded.size(); i++) {
            assertThat(map.shardFor(crowded.get(i).lower()))
                    .isEqualTo(crowded.get(i).shard());
            assertThat(map.shardFor(crowded.get(i).lower() - 1))
                    .isEqualTo(crowded.get(i - 1).shard());
        }
    }

    @Test
    void refusesRangesThatAreNoMap() {
        HashRange first = new HashRange(Long.MIN_VALUE, "a");
        refuses("begins at", AB, List.of());
        refuses("begins at", AB, List.of(new HashRange(0, "a")));
        refuses("does not follow", AB, List.of(first, new HashRange(5, "b"), new HashRange(5, "a")));
        refuses("does not follow", AB, List.of(first, new HashRange(5, "b"), new HashRange(4, "a")));
        refuses("names shard c", AB, List.of(first, new HashRange(5, "c")));
        refuses("listed twice", List.of("a", "a"), List.of(first));
        refuses("at least one shard", List.of(), List.of(first));
        assertThatIllegalArgumentException().isThrownBy(() -> HashRanges.even(List.of()));
        assertThatIllegalArgumentException().isThrownBy(() -> HashRanges.even(List.of("a", "")));
    }

    private static void refuses(String why, List<String> shards, List<HashRange> ranges) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new HashRanges(shards, ranges))
                .withMessageContaining(why);
    }
}
