package io.pgmosaic.operator.split.points;

import io.pgmosaic.api.v1alpha1.cluster.KeyColumn;
import io.pgmosaic.api.v1alpha1.cluster.KeyColumnType;
import io.pgmosaic.api.v1alpha1.cluster.TableSpec;
import io.pgmosaic.api.v1alpha1.split.SplitTarget;
import io.pgmosaic.maps.PlacedTable;
import io.pgmosaic.routing.guard.GuardedTable;
import io.pgmosaic.routing.key.KeyType;
import io.pgmosaic.routing.map.HashRanges;
import io.pgmosaic.routing.map.ShardMap;
import io.pgmosaic.routing.recipe.GroupRecipe;
import io.pgmosaic.routing.recipe.MapRecipe;
import io.pgmosaic.routing.recipe.PlacementRecipe;
import io.pgmosaic.routing.recipe.RangeRecipe;
import io.pgmosaic.routing.split.SplitRule.Cut;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.stream.IntStream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class SplitPointsTest {
    private static final TableSpec ORDERS =
            new TableSpec("public", "orders", List.of(new KeyColumn("id", KeyColumnType.BIGINT)));
    private static final List<PlacedTable> TABLES =
            List.of(new PlacedTable(ORDERS, ShardMap.of(1, HashRanges.even(List.of("s0", "s1")))));
    private static final PlacementRecipe EVEN = PlacementRecipe.evenHashRanges(List.of("s0", "s1"));

    private record Rows(List<String> hashes, List<String> values) implements KeyPlaces {
        @Override
        public List<String> hashes(GuardedTable table) {
            return hashes;
        }

        @Override
        public List<String> values(GuardedTable table) {
            return values;
        }
    }

    private static final Rows NONE = new Rows(List.of(), List.of());

    private static List<SplitTarget> targets(@Nullable String... from) {
        return IntStream.range(0, from.length)
                .mapToObj(i -> new SplitTarget("t" + i, from[i]))
                .toList();
    }

    private static MapRecipe map(PlacementRecipe placement) {
        return new MapRecipe(1, null, List.of(placement), List.of());
    }

    @Test
    void anEmptyShardIsCutInHalf() throws Exception {
        assertThat(new SplitPoints(map(EVEN), TABLES, "s0", targets(null, null)).choose(NONE))
                .containsExactly(new Cut(null, 0, List.of(Long.toString(Long.MIN_VALUE / 2))));
    }

    @Test
    void rowsDecideWhereThereAreEnough() throws Exception {
        List<String> hashes = IntStream.range(0, 3_000)
                .mapToObj(i -> Long.toString(Long.MIN_VALUE + i))
                .toList();
        assertThat(new SplitPoints(map(EVEN), TABLES, "s0", targets(null, null, null))
                        .choose(new Rows(hashes, List.of())))
                .containsExactly(new Cut(
                        null, 0, List.of(Long.toString(Long.MIN_VALUE + 1000), Long.toString(Long.MIN_VALUE + 2000))));
    }

    @Test
    void oneKeyWithAllRowsIsNoGuide() throws Exception {
        List<String> hashes = IntStream.range(0, 3_000).mapToObj(i -> "-5").toList();
        assertThat(new SplitPoints(map(EVEN), TABLES, "s0", targets(null, null)).choose(new Rows(hashes, List.of())))
                .containsExactly(new Cut(null, 0, List.of(Long.toString(Long.MIN_VALUE / 2))));
    }

    @Test
    void valuesAreCutWhereTheSourcesRowsAre() throws Exception {
        MapRecipe map = map(PlacementRecipe.orderedRanges(
                KeyType.BIGINT, List.of(new RangeRecipe(null, "100", "s1"), new RangeRecipe("100", null, "s0"))));
        List<String> values =
                IntStream.range(0, 2_100).mapToObj(Integer::toString).toList();
        assertThat(new SplitPoints(map, TABLES, "s0", targets(null, null)).choose(new Rows(List.of(), values)))
                .containsExactly(new Cut(null, 0, List.of("1100")));
        assertThatThrownBy(() -> new SplitPoints(map, TABLES, "s0", targets(null, null)).choose(NONE))
                .hasMessageContaining("write from for each target but the first");
    }

    @Test
    void givenPointsAreTakenWhereTheyAreClear() throws Exception {
        assertThat(new SplitPoints(map(EVEN), TABLES, "s0", targets(null, "-7")).choose(NONE))
                .containsExactly(new Cut(null, 0, List.of("-7")));
        assertThatThrownBy(() -> new SplitPoints(map(EVEN), TABLES, "s0", targets(null, "-7", null)).choose(NONE))
                .hasMessageContaining("write it for all but the first");
        MapRecipe two = new MapRecipe(
                1, null, List.of(EVEN), List.of(), List.of(new GroupRecipe("log", null, List.of(EVEN), List.of())));
        assertThatThrownBy(() -> new SplitPoints(two, TABLES, "s0", targets(null, "-7")).choose(NONE))
                .hasMessageContaining("owns rows in 2 placements");
        assertThat(new SplitPoints(two, TABLES, "s0", targets(null, null)).choose(NONE))
                .extracting(Cut::group)
                .containsExactly(null, "log");
    }
}
