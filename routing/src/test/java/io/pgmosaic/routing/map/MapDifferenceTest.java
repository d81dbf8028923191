package io.pgmosaic.routing.map;

import io.pgmosaic.routing.hash.RandomTime;
import io.pgmosaic.routing.key.Key;
import io.pgmosaic.routing.key.KeyType;
import io.pgmosaic.routing.key.KeyValue;
import io.pgmosaic.routing.key.KeyValue.Timestamp;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;

import static org.assertj.core.api.Assertions.assertThat;

/** Between random maps: exactly the rows that change their owner are in a move, and those that lose it are homeless. */
class MapDifferenceTest {
    private static final long SEED = Long.getLong("pgmosaic.test.seed", 20_260_105L);
    private static final int ROWS = 400;

    @RepeatedTest(40)
    void saysOfEachRowWhereItGoes(RepetitionInfo repetition) {
        SplittableRandom random = new SplittableRandom(SEED + repetition.getCurrentRepetition());
        RandomMaps maps = new RandomMaps(random);
        boolean places = random.nextBoolean();
        ShardMap before = maps.map(places, random.nextBoolean(), List.of());
        ShardMap after = maps.map(places, random.nextBoolean(), List.of());
        MapDifference difference = MapDifference.between(before, after);
        for (int i = 0; i < ROWS; i++) {
            RowKey row = new RowKey(Key.of(maps.value()), places ? maps.region() : null, RandomTime.next(random));
            @Nullable String from = ownerOf(before, row);
            @Nullable String to = ownerOf(after, row);
            String what = "seed %d: %s, of %s and now of %s, in %s".formatted(SEED, row, from, to, difference);
            List<MapDifference.Move> moves = difference.moves().stream()
                    .filter(move -> Objects.equals(move.region(), row.region()) && holds(move.span(), row.time()))
                    .filter(move -> mayHold(move, row, from))
                    .toList();
            if (from != null && to != null && !from.equals(to)) {
                assertThat(moves)
                        .as(what)
                        .anyMatch(move -> move.from().equals(from) && move.to().equals(to));
            }
            if (moves.stream().noneMatch(move -> move.part() instanceof MapDifference.Some)) {
                assertThat(moves).as(what).hasSize(from != null && to != null && !from.equals(to) ? 1 : 0);
            }
            if (from != null) {
                assertThat(isHomeless(difference, row)).as(what).isEqualTo(to == null);
            }
        }
    }

    private static boolean isHomeless(MapDifference difference, RowKey row) {
        return difference.homeless().stream()
                .filter(lost -> Objects.equals(lost.region(), row.region()) && holds(lost.span(), row.time()))
                .anyMatch(lost ->
                        lost.ranges().isEmpty() || lost.ranges().stream().anyMatch(range -> holds(range, row.key())));
    }

    @Nullable
    private static String ownerOf(ShardMap map, RowKey row) {
        try {
            return map.ownerOf(row);
        } catch (UnplacedKeyException nobodys) {
            return null;
        }
    }

    private static boolean mayHold(MapDifference.Move move, RowKey row, @Nullable String from) {
        return switch (move.part()) {
            case MapDifference.Hashes hashes ->
                hashes.segments().stream()
                        .anyMatch(segment -> segment.contains(row.key().hash()));
            case MapDifference.Values values -> values.ranges().stream().anyMatch(range -> holds(range, row.key()));
            case MapDifference.Some some -> move.from().equals(from);
        };
    }

    private static boolean holds(TimeSpan span, @Nullable Timestamp time) {
        return time != null
                && (span.from() == null || span.from().micros() <= time.micros())
                && (span.until() == null || time.micros() < span.until().micros());
    }

    private static boolean holds(OrderedRange range, Key key) {
        KeyValue value = key.values().getFirst();
        return (range.from() == null || OrderedRanges.compare(range.from(), value) <= 0)
                && (range.until() == null || OrderedRanges.compare(value, range.until()) < 0);
    }

    @Test
    void namesWhatLosesItsPlace() {
        ShardMap before = ShardMap.of(1, numbers(new OrderedRange(null, null, "a")));
        ShardMap after = ShardMap.of(2, numbers(new OrderedRange(new KeyValue.Bigint(0), new KeyValue.Bigint(9), "a")));
        MapDifference difference = MapDifference.between(before, after);
        assertThat(difference.moves()).isEmpty();
        assertThat(difference.homeless()).hasSize(1);
        assertThat(difference.homeless().getFirst().ranges())
                .containsExactly(
                        new OrderedRange(null, new KeyValue.Bigint(0), "a"),
                        new OrderedRange(new KeyValue.Bigint(9), null, "a"));
    }

    private static OrderedRanges numbers(OrderedRange range) {
        return new OrderedRanges(List.of("a"), KeyType.BIGINT, List.of(range));
    }
}
