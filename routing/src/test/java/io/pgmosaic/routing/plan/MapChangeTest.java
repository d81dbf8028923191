package io.pgmosaic.routing.plan;

import io.pgmosaic.routing.key.Key;
import io.pgmosaic.routing.key.KeyColumn;
import io.pgmosaic.routing.key.KeySchema;
import io.pgmosaic.routing.key.KeyType;
import io.pgmosaic.routing.map.ShardMap;
import io.pgmosaic.routing.recipe.MapRecipe;
import io.pgmosaic.routing.recipe.OverrideRecipe;
import io.pgmosaic.routing.recipe.PlacementRecipe;
import io.pgmosaic.routing.recipe.RangeRecipe;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/** What another map, or the same over another number of shards, would move. */
class MapChangeTest {
    private static final long SEED = Long.getLong("pgmosaic.test.seed", 20_260_107L);
    private static final Offset<Double> ROUNDING = Offset.offset(1e-9);
    private static final Offset<Double> SAMPLING = Offset.offset(0.02);
    private static final int SAMPLE = 20_000;
    private static final long GIGABYTE = 1_000_000_000L;
    private static final List<KeySchema> NUMBERS = List.of(new KeySchema(List.of(new KeyColumn("id", KeyType.BIGINT))));

    private static MapRecipe recipe(PlacementRecipe placement, OverrideRecipe... overrides) {
        return new MapRecipe(1, null, List.of(placement), List.of(overrides));
    }

    private static MapRecipe even(int shards) {
        return recipe(PlacementRecipe.evenHashRanges(names(shards)));
    }

    private static MapRecipe ring(int shards) {
        return recipe(PlacementRecipe.ring(names(shards), 150));
    }

    private static List<String> names(int shards) {
        return IntStream.range(0, shards).mapToObj(i -> "s" + i).toList();
    }

    private static MapChange change(MapRecipe before, MapRecipe after, Map<String, Long> bytes) {
        return MapChange.between(before.compile(NUMBERS), after.compile(NUMBERS), bytes);
    }

    @Test
    void doublingMovesHalfOfEachShardToANewOne() {
        MapChange change = change(even(2), Resize.of(even(2), 4), Map.of("s0", 8 * GIGABYTE, "s1", 2 * GIGABYTE));
        assertThat(change.relocations())
                .extracting(relocation ->
                        relocation.move().from() + ">" + relocation.move().to())
                .containsExactly("s0>s2", "s1>s3");
        assertThat(change.relocations()).extracting(Relocation::share).allMatch(share -> share == 0.5);
        assertThat(change.relocations()).extracting(Relocation::bytes).containsExactly(4 * GIGABYTE, GIGABYTE);
        assertThat(change.share()).isCloseTo(0.5, ROUNDING);
        assertThat(change.bytes()).isEqualTo(5 * GIGABYTE);
    }

    /** Hash ranges that stay even move a part of most shards; a ring gives a new member its part and moves nothing else. */
    @Test
    void aRingMovesLessThanRangesThatStayEven() {
        MapChange ranges = change(even(4), Resize.of(even(4), 5), Map.of());
        MapChange ring = change(ring(4), Resize.of(ring(4), 5), Map.of());
        assertThat(ring.relocations())
                .isNotEmpty()
                .allMatch(relocation -> relocation.move().to().equals("s4"));
        assertThat(Objects.requireNonNull(ring.share()))
                .isBetween(0.15, 0.25)
                .isLessThan(Objects.requireNonNull(ranges.share()));
        assertThat(ring.bytes()).as("nothing was measured").isNull();
    }

    @ParameterizedTest
    @CsvSource({"2,3", "3,2", "4,8", "8,4", "5,7", "1,16", "16,1", "6,6"})
    void saysTheShareThatASampleOfKeysFinds(int from, int to) {
        for (MapRecipe recipe : List.of(even(from), ring(from))) {
            MapRecipe resized = Resize.of(recipe, to);
            assertThat(resized.allShards()).hasSize(to);
            ShardMap before = recipe.compile(NUMBERS);
            ShardMap after = resized.compile(NUMBERS);
            Map<String, Long> rows = new HashMap<>();
            Map<String, Long> moved = new HashMap<>();
            SplittableRandom random = new SplittableRandom(SEED);
            for (int i = 0; i < SAMPLE; i++) {
                long key = random.nextLong();
                String owner = before.ownerOf(key);
                rows.merge(owner, 1L, Long::sum);
                if (!owner.equals(after.ownerOf(key))) {
                    moved.merge(owner + ">" + after.ownerOf(key), 1L, Long::sum);
                }
            }
            MapChange change = MapChange.between(before, after, rows);
            double all = moved.values().stream().mapToLong(Long::longValue).sum();
            assertThat(Objects.requireNonNull(change.share()))
                    .as("seed %d", SEED)
                    .isCloseTo(all / SAMPLE, SAMPLING);
            assertThat((double) Objects.requireNonNull(change.bytes())).isCloseTo(all, Offset.offset(SAMPLE * 0.02));
            assertThat(change.relocations())
                    .allSatisfy(relocation -> assertThat((double) Objects.requireNonNull(relocation.bytes()))
                            .isCloseTo(
                                    moved.getOrDefault(
                                            relocation.move().from() + ">"
                                                    + relocation.move().to(),
                                            0L),
                                    Offset.offset(SAMPLE * 0.02)));
        }
    }

    @Test
    void namesKeysWhoseOverrideComesGoesOrChanges() {
        PlacementRecipe placement = PlacementRecipe.evenHashRanges(names(2));
        MapRecipe before = recipe(placement, override(1, "s0"), override(2, "s0"), override(3, "s1"));
        MapRecipe after = recipe(placement, override(1, "s0"), override(2, "s1"), override(4, "s0"));
        ShardMap byRule = recipe(placement).compile(NUMBERS);
        MapChange change = change(before, after, Map.of());
        assertThat(change.relocations()).isEmpty();
        assertThat(change.keys()).contains(new KeyRelocation(null, Key.bigint(2), "s0", "s1"));
        assertThat(change.keys()).extracting(KeyRelocation::key).doesNotContain(Key.bigint(1));
        for (KeyRelocation key : change.keys()) {
            assertThat(key.from()).isNotEqualTo(key.to());
        }
        assertThat(change.keys().stream().anyMatch(key -> key.key().equals(Key.bigint(3))))
                .isEqualTo(!byRule.ownerOf(3).equals("s1"));
        assertThat(change.keys().stream().anyMatch(key -> key.key().equals(Key.bigint(4))))
                .isEqualTo(!byRule.ownerOf(4).equals("s0"));
    }

    private static OverrideRecipe override(long key, String shard) {
        return new OverrideRecipe(List.of(Long.toString(key)), shard);
    }

    @Test
    void doesNotGuessHowMuchIsInARangeOfValues() {
        MapRecipe before = recipe(PlacementRecipe.orderedRanges(
                KeyType.BIGINT, List.of(new RangeRecipe(null, "10", "s0"), new RangeRecipe("10", null, "s1"))));
        MapRecipe after = recipe(PlacementRecipe.orderedRanges(
                KeyType.BIGINT, List.of(new RangeRecipe(null, "5", "s0"), new RangeRecipe("5", "20", "s1"))));
        MapChange change = change(before, after, Map.of("s0", GIGABYTE));
        assertThat(change.relocations()).singleElement().satisfies(relocation -> {
            assertThat(relocation.share()).isNull();
            assertThat(relocation.bytes()).isNull();
            assertThat(relocation.atMost()).isEqualTo(GIGABYTE);
        });
        assertThat(change.homeless()).hasSize(1);
        assertThat(change.share()).isNull();
        assertThat(change.isNone()).isFalse();
        assertThat(change(before, before, Map.of()).isNone()).isTrue();
    }

    @Test
    void aNumberOfShardsIsRefusedWhereItDoesNotSayWhatToDo() {
        MapRecipe ordered =
                recipe(PlacementRecipe.orderedRanges(KeyType.BIGINT, List.of(new RangeRecipe(null, null, "s0"))));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Resize.of(ordered, 2))
                .withMessageContaining("only the data says where to cut");
        MapRecipe regions =
                recipe(PlacementRecipe.evenHashRanges(names(2)).restricted("eu", null, null, null, List.of()));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Resize.of(regions, 2))
                .withMessageContaining("by region or time");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Resize.of(even(2), 0))
                .withMessageContaining("1 to 256");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Resize.of(even(2), 257))
                .withMessageContaining("not 257");
    }
}
