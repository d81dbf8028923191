package io.pgmosaic.routing.plan;

import io.pgmosaic.routing.key.KeyColumn;
import io.pgmosaic.routing.key.KeySchema;
import io.pgmosaic.routing.key.KeyType;
import io.pgmosaic.routing.recipe.GroupRecipe;
import io.pgmosaic.routing.recipe.MapRecipe;
import io.pgmosaic.routing.recipe.PlacementRecipe;
import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Map;

import static org.assertj.core.api.Assertions.assertThat;

/** What is said of bytes where not everything was measured. */
class ClusterPlanTest {
    private static final KeySchema NUMBERS = new KeySchema(List.of(new KeyColumn("id", KeyType.BIGINT)));
    private static final List<PlannedTable> TABLES = List.of(
            new PlannedTable("public.orders", null, NUMBERS),
            new PlannedTable("public.items", null, NUMBERS),
            new PlannedTable("public.events", "log", NUMBERS));

    private static MapRecipe map(String... shards) {
        List<PlacementRecipe> placements = List.of(PlacementRecipe.evenHashRanges(List.of(shards)));
        return new MapRecipe(
                1, null, placements, List.of(), List.of(new GroupRecipe("log", null, placements, List.of())));
    }

    private static List<GroupPlan> plan(Map<String, Map<String, Long>> sizes) {
        return ClusterPlan.between(map("s0", "s1"), map("s1", "s0"), TABLES, sizes)
                .groups();
    }

    @Test
    void addsUpTheTablesOfAGroup() {
        List<GroupPlan> groups = plan(Map.of(
                "s0", Map.of("public.orders", 10L, "public.items", 5L, "public.events", 2L),
                "s1", Map.of("public.orders", 20L, "public.items", 0L, "public.events", 3L)));
        assertThat(groups).extracting(GroupPlan::bytes).containsExactly(35L, 5L);
        assertThat(groups).extracting(group -> group.change().bytes()).containsExactly(35L, 5L);
    }

    @Test
    void takesATableThatIsNotListedForUnknownAndNotForEmpty() {
        List<GroupPlan> groups = plan(Map.of(
                "s0", Map.of("public.orders", 10L, "public.items", 5L, "public.events", 2L),
                "s1", Map.of("public.orders", 20L, "public.events", 3L)));
        assertThat(groups).extracting(GroupPlan::bytes).containsExactly(null, 5L);
        assertThat(groups).extracting(group -> group.change().bytes()).containsExactly(null, 5L);
        assertThat(groups.getFirst().change().relocations())
                .extracting(Relocation::atMost)
                .containsExactlyInAnyOrder(15L, null);
    }
}
