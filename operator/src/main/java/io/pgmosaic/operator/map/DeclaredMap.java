package io.pgmosaic.operator.map;

import io.pgmosaic.api.v1alpha1.cluster.OrderedRangeSpec;
import io.pgmosaic.api.v1alpha1.cluster.PlacementSpec;
import io.pgmosaic.api.v1alpha1.cluster.ShardingSpec;
import io.pgmosaic.api.v1alpha1.cluster.ShardingStrategy;
import io.pgmosaic.routing.key.KeyType;
import io.pgmosaic.routing.recipe.MapRecipe;
import io.pgmosaic.routing.recipe.OverrideRecipe;
import io.pgmosaic.routing.recipe.PlacementRecipe;
import io.pgmosaic.routing.recipe.RangeRecipe;
import org.jspecify.annotations.Nullable;

import java.util.List;

/** The map that a spec declares. */
public final class DeclaredMap {
    private DeclaredMap() {}

    /**
     * The first map of a cluster.
     *
     * @param shards all of the cluster
     * @throws IllegalArgumentException when the spec contradicts itself; compiling finds the rest
     */
    public static MapRecipe of(List<String> shards, ShardingSpec sharding) {
        PlacementSpec everything = new PlacementSpec(null, null, null, null, shards, List.of(), List.of());
        List<PlacementSpec> placements = sharding.placements().isEmpty() ? List.of(everything) : sharding.placements();
        return new MapRecipe(
                1,
                sharding.defaultRegion(),
                placements.stream()
                        .map(placement -> placement(placement, sharding))
                        .toList(),
                sharding.overrides().stream()
                        .map(override -> new OverrideRecipe(override.key(), override.shard()))
                        .toList());
    }

    private static PlacementRecipe placement(PlacementSpec placement, ShardingSpec sharding) {
        PlacementRecipe shared =
                switch (sharding.strategy()) {
                    case HASH_RANGE -> PlacementRecipe.evenHashRanges(placement.shards());
                    case CONSISTENT_HASH -> PlacementRecipe.ring(placement.shards(), sharding.virtualNodes());
                    case ORDERED_RANGE ->
                        PlacementRecipe.orderedRanges(
                                rangeType(sharding.orderedRange()),
                                placement.ranges().stream()
                                        .map(range -> new RangeRecipe(range.from(), range.until(), range.shard()))
                                        .toList());
                };
        return shared.restricted(
                placement.region(), placement.from(), placement.until(), placement.tier(), placement.dedicatedShards());
    }

    private static KeyType rangeType(@Nullable OrderedRangeSpec ordered) {
        if (ordered == null || ordered.type() == null) {
            throw new IllegalArgumentException(
                    "strategy " + ShardingStrategy.ORDERED_RANGE + " needs the type of the values");
        }
        return Columns.type(ordered.type());
    }
}
