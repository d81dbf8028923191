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

import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.stream.Stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Of a random range of a random map: each of its rows is on a shard that is named, and no range is named in vain. */
class ExtentsTest {
    private static final long SEED = Long.getLong("pgmosaic.test.seed", 20_260_106L);
    private static final int ROWS = 300;

    @RepeatedTest(60)
    void holdEveryRowOfTheRange(RepetitionInfo repetition) {
        SplittableRandom random = new SplittableRandom(SEED + repetition.getCurrentRepetition());
        RandomMaps maps = new RandomMaps(random);
        boolean places = random.nextBoolean();
        List<Key> keys = Stream.generate(() -> Key.of(maps.value())).limit(ROWS).toList();
        ShardMap map = maps.map(places, random.nextBoolean(), keys);
        RowRange rows = range(random, maps, places);
        Extents extents = map.extentsOf(rows);
        for (Key key : keys) {
            RowKey row = new RowKey(key, places ? maps.region() : null, RandomTime.next(random));
            if (isIn(rows, row)) {
                assertThat(ownerOf(map, row))
                        .as("seed %d: %s in %s, of %s", SEED, row, rows, extents)
                        .satisfiesAnyOf(owner -> assertThat(owner).isNull(), owner -> assertThat(extents.shards())
                                .contains(owner));
            }
        }
    }

    @RepeatedTest(60)
    void nameNoRangeInVain(RepetitionInfo repetition) {
        SplittableRandom random = new SplittableRandom(SEED - repetition.getCurrentRepetition());
        RandomMaps maps = new RandomMaps(random);
        boolean places = random.nextBoolean();
        ShardMap map = maps.map(places, random.nextBoolean(), List.of());
        RowRange rows = range(random, maps, places);
        for (Extent extent : map.extentsOf(rows).byRule()) {
            for (OrderedRange range : extent.ranges()) {
                if (range.from() != null) {
                    RowKey row = new RowKey(Key.of(range.from()), extent.region(), timeIn(extent.times()));
                    assertThat(isIn(rows, row))
                            .as("seed %d: %s in %s", SEED, row, rows)
                            .isTrue();
                    assertThat(map.ownerOf(row))
                            .as("seed %d: %s of %s", SEED, row, extent)
                            .isEqualTo(range.shard());
                }
            }
        }
    }

    private static RowRange range(SplittableRandom random, RandomMaps maps, boolean places) {
        Timestamp[] times = Stream.of(RandomTime.next(random), RandomTime.next(random))
                .sorted((one, other) -> Long.compare(one.micros(), other.micros()))
                .toArray(Timestamp[]::new);
        TimeSpan span = random.nextBoolean()
                ? TimeSpan.ALWAYS
                : new TimeSpan(random.nextBoolean() ? times[0] : null, random.nextBoolean() ? times[1] : null);
        boolean bounded = maps.type() != KeyType.UUID && random.nextBoolean();
        KeyValue[] values = bounded
                ? Stream.of(maps.value(), maps.value())
                        .sorted(OrderedRanges::compare)
                        .toArray(KeyValue[]::new)
                : new KeyValue[2];
        return new RowRange(places && random.nextBoolean() ? maps.region() : null, span, values[0], values[1]);
    }

    private static boolean isIn(RowRange rows, RowKey row) {
        KeyValue value = row.key().values().getFirst();
        Timestamp time = Objects.requireNonNull(row.time());
        return (rows.region() == null || rows.region().equals(row.region()))
                && (rows.times().from() == null || rows.times().from().micros() <= time.micros())
                && (rows.times().until() == null
                        || time.micros() < rows.times().until().micros())
                && (rows.from() == null || OrderedRanges.compare(rows.from(), value) <= 0)
                && (rows.until() == null || OrderedRanges.compare(value, rows.until()) < 0);
    }

    private static Timestamp timeIn(TimeSpan span) {
        if (span.from() != null) {
            return span.from();
        }
        return span.until() == null
                ? new Timestamp(Instant.parse("2026-01-01T00:00:00Z"))
                : new Timestamp(span.until().instant().minusMillis(1));
    }

    @Nullable
    private static String ownerOf(ShardMap map, RowKey row) {
        try {
            return map.ownerOf(row);
        } catch (UnplacedKeyException nobodys) {
            return null;
        }
    }

    @Test
    void sayWhichTierAndLeaveOutWhatIsElsewhere() {
        Timestamp year = new Timestamp(Instant.parse("2026-01-01T00:00:00Z"));
        ShardMap map = ShardMap.of(
                1,
                new Region(
                        null,
                        List.of(
                                new Period(new TimeSpan(null, year), "cold", HashRanges.even(List.of("old"))),
                                new Period(new TimeSpan(year, null), "hot", HashRanges.even(List.of("a", "b")))),
                        List.of("vip"),
                        List.of(new KeyOverride(Key.bigint(7), "vip"))));
        Extents recent = map.extentsOf(new RowRange(null, new TimeSpan(year, null), null, null));
        assertThat(recent.byRule()).extracting(Extent::tier).containsExactly("hot");
        assertThat(recent.shards()).containsExactly("a", "b", "vip");
        assertThat(map.extentsOf(RowRange.everything()).shards()).containsExactly("old", "a", "b", "vip");
        assertThat(map.extentsOf(new RowRange(null, TimeSpan.ALWAYS, new KeyValue.Bigint(8), null))
                        .byKey())
                .isEmpty();
    }

    @Test
    void areRefusedForAnUnknownRegionAndAnEmptyRange() {
        ShardMap map = ShardMap.of(
                1,
                List.of(new Region("eu", List.of(Period.always(HashRanges.even(List.of("a")))), List.of(), List.of())),
                null);
        assertThatThrownBy(() -> map.extentsOf(new RowRange("us", TimeSpan.ALWAYS, null, null)))
                .isInstanceOf(UnplacedKeyException.class)
                .hasMessageContaining("there is no region us");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new RowRange(null, TimeSpan.ALWAYS, new KeyValue.Bigint(8), new KeyValue.Bigint(8)))
                .withMessageContaining("has nothing in it");
    }
}
