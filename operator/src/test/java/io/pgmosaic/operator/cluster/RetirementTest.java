package io.pgmosaic.operator.cluster;

import io.pgmosaic.api.v1alpha1.cluster.ShardState;
import io.pgmosaic.api.v1alpha1.cluster.ShardedClusterStatus;
import io.pgmosaic.api.v1alpha1.cluster.SplitState;
import io.pgmosaic.maps.RecordedMap;
import io.pgmosaic.routing.recipe.MapRecipe;
import io.pgmosaic.routing.recipe.OverrideRecipe;
import io.pgmosaic.routing.recipe.PlacementRecipe;
import org.junit.jupiter.api.Test;

import java.util.List;

import static org.assertj.core.api.Assertions.assertThat;

/** A shard goes only when neither the map nor a split needs it. */
class RetirementTest {
    private static final ShardState OLD = ShardState.unknown("s0").retire();
    private static final ShardState BORN = ShardState.born("t0", "halve").retire();

    private static ShardedClusterStatus status(List<String> owners, List<SplitState> splits, ShardState... shards) {
        MapRecipe map = new MapRecipe(
                2,
                null,
                List.of(PlacementRecipe.evenHashRanges(owners)),
                List.of(new OverrideRecipe(List.of("7"), owners.getFirst())));
        return ShardedClusterStatus.empty().with(RecordedMap.of(map), List.of(shards), splits);
    }

    private static SplitState split(boolean finished) {
        return new SplitState("halve", "u1", "s0", List.of("t0", "t1"), List.of(), List.of(), false, finished);
    }

    @Test
    void aShardThatIsNotMarkedStays() {
        ShardedClusterStatus status = status(List.of("s1"), List.of(), ShardState.unknown("s0"));
        assertThat(Retirement.staying(status)).hasSize(1);
        assertThat(Retirement.leaving(status)).isEmpty();
    }

    @Test
    void aShardThatTheMapNamesStays() {
        ShardedClusterStatus status = status(List.of("s0", "s1"), List.of(), OLD);
        assertThat(Retirement.leaving(status)).isEmpty();
        assertThat(Retirement.obstacle(OLD, status)).contains("the map gives it keys");
    }

    @Test
    void theShardsOfASplitThatIsNotFinishedStay() {
        ShardedClusterStatus status = status(List.of("s1"), List.of(split(false)), OLD, BORN);
        assertThat(Retirement.leaving(status)).isEmpty();
        assertThat(Retirement.obstacle(BORN, status)).contains("the split halve is not finished");
    }

    @Test
    void othersGo() {
        ShardedClusterStatus status = status(List.of("s1"), List.of(split(true)), OLD, ShardState.unknown("s1"), BORN);
        assertThat(Retirement.leaving(status)).containsExactly(OLD, BORN);
        assertThat(Retirement.staying(status)).extracting(ShardState::name).containsExactly("s1");
    }
}
