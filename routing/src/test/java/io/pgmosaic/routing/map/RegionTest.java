package io.pgmosaic.routing.map;

import io.pgmosaic.routing.key.Key;
import io.pgmosaic.routing.key.KeyType;
import io.pgmosaic.routing.key.KeyValue;
import io.pgmosaic.routing.map.UnplacedKeyException.Reason;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.stream.LongStream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

class RegionTest {
    private static final KeyValue.Timestamp TURN = time("2026-01-01T00:00:00Z");
    private static final KeyValue.Timestamp END = time("2027-01-01T00:00:00Z");
    private static final Region EU = region("eu", List.of("eu0", "eu1"), List.of("vip"), "vip");
    private static final Region US = region("us", List.of("us0", "us1"), List.of(), "us1");
    private static final ShardMap MAP = ShardMap.of(1, List.of(EU, US), "eu");
    private static final ShardMap AGES = ShardMap.of(
            1,
            new Region(
                    null,
                    List.of(
                            new Period(new TimeSpan(null, TURN), "cold", HashRanges.even(List.of("c0"))),
                            new Period(new TimeSpan(TURN, END), "hot", HashRing.of(List.of("h0", "h1")))),
                    List.of("vip"),
                    List.of(new KeyOverride(Key.bigint(42), "vip"))));

    private static KeyValue.Timestamp time(String text) {
        return (KeyValue.Timestamp) KeyType.TIMESTAMPTZ.parse(text);
    }

    private static Region region(String name, List<String> shards, List<String> dedicated, String ofKey42) {
        return new Region(
                name,
                List.of(Period.always(HashRanges.even(shards))),
                dedicated,
                List.of(new KeyOverride(Key.bigint(42), ofKey42)));
    }

    private static RowKey row(long key, @Nullable String region, KeyValue.@Nullable Timestamp time) {
        return new RowKey(Key.bigint(key), region, time);
    }

    @Test
    void noKeyLeavesItsRegion() {
        LongStream.range(0, 1_000).forEach(key -> {
            assertThat(EU.shards()).contains(MAP.ownerOf(row(key, "eu", null)));
            assertThat(US.shards()).contains(MAP.ownerOf(row(key, "us", null)));
            assertThat(MAP.ownerOf(key)).isEqualTo(MAP.ownerOf(row(key, "eu", null)));
        });
    }

    @Test
    void aDedicatedShardHoldsWhatOverridesGiveItAndNothingElse() {
        assertThat(MAP.ownerOf(row(42, "eu", null))).isEqualTo("vip");
        assertThat(MAP.ownerOf(row(42, "us", null))).isEqualTo("us1");
        assertThat(LongStream.range(0, 1_000).filter(key -> MAP.ownerOf(key).equals("vip")))
                .containsExactly(42L);
        assertThat(MAP.holdingsOf("vip")).isEmpty();
    }

    @Test
    void aTimeDecidesOnTheTier() {
        assertThat(AGES.ownerOf(row(1, null, time("2025-12-31T23:59:59.999999Z"))))
                .isEqualTo("c0");
        assertThat(AGES.ownerOf(row(1, null, TURN))).startsWith("h");
        assertThat(AGES.periodOf(null, TURN).tier()).isEqualTo("hot");
        assertThat(AGES.periodOf(null, time("1999-01-01T00:00:00Z")).tier()).isEqualTo("cold");
        assertThat(AGES.ownerOf(row(42, null, TURN))).isEqualTo("vip");
        assertThat(AGES.ownerOf(42)).as("whatever its time").isEqualTo("vip");
    }

    @Test
    void nothingIsPlacedByAGuess() {
        refused(MAP, row(1, "mars", null), Reason.UNKNOWN_REGION, "[eu, us]");
        ShardMap withoutDefault = ShardMap.of(1, List.of(EU, US), null);
        refused(withoutDefault, row(1, null, null), Reason.MISSING_REGION, "[eu, us]");
        refused(AGES, row(1, null, null), Reason.MISSING_TIME, "time");
        refused(AGES, row(1, null, END), Reason.OUTSIDE_PERIODS, "the beginning to 2027-01-01T00:00:00Z");
        refused(AGES, row(1, null, time("9999-01-01T00:00:00Z")), Reason.OUTSIDE_PERIODS, "9999");
    }

    private static void refused(ShardMap map, RowKey row, Reason reason, String word) {
        UnplacedKeyException refused = catchThrowableOfType(UnplacedKeyException.class, () -> map.ownerOf(row));
        assertThat(refused.reason()).isEqualTo(reason);
        assertThat(refused).hasMessageContaining(word);
    }

    @Test
    void refusesContradictions() {
        Period always = Period.always(HashRanges.even(List.of("a")));
        Period before = new Period(new TimeSpan(null, TURN), null, HashRanges.even(List.of("a")));
        Period after = new Period(new TimeSpan(END, null), null, HashRanges.even(List.of("a")));
        invalid("no shard for any time", () -> new Region("eu", List.of(), List.of(), List.of()));
        invalid("gap", () -> new Region("eu", List.of(before, after), List.of(), List.of()));
        invalid("overlap", () -> new Region("eu", List.of(always, after), List.of(), List.of()));
        invalid("nothing in it", () -> new TimeSpan(END, TURN));
        invalid(
                "of two regions",
                () -> ShardMap.of(
                        1,
                        List.of(
                                EU,
                                new Region(
                                        "x",
                                        List.of(Period.always(HashRanges.even(List.of("eu1")))),
                                        List.of(),
                                        List.of())),
                        null));
        invalid("listed twice", () -> ShardMap.of(1, List.of(EU, EU), null));
        invalid("default region mars", () -> ShardMap.of(1, List.of(EU, US), "mars"));
        invalid(
                "no name",
                () -> ShardMap.of(1, List.of(new Region(null, List.of(always), List.of(), List.of())), null));
        invalid("names shard us0", () -> ShardMap.of(1, List.of(region("eu", List.of("eu0"), List.of(), "us0")), null));
        invalid("not by hash alone", () -> MAP.segmentsOf("eu0"));
    }

    private static void invalid(String why, Runnable made) {
        assertThatIllegalArgumentException().isThrownBy(made::run).withMessageContaining(why);
    }
}
