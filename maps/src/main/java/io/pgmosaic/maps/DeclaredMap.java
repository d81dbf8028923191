package io.pgmosaic.maps;

import io.pgmosaic.api.v1alpha1.cluster.OrderedRangeSpec;
import io.pgmosaic.api.v1alpha1.cluster.PlacementRule;
import io.pgmosaic.api.v1alpha1.cluster.PlacementSpec;
import io.pgmosaic.api.v1alpha1.cluster.ShardingSpec;
import io.pgmosaic.api.v1alpha1.cluster.ShardingStrategy;
import io.pgmosaic.routing.key.KeyType;
import io.pgmosaic.routing.recipe.GroupRecipe;
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
     * The first map of a cluster. Its version is that which the map would have, had the groups been added one by one: a cluster
     * that is made anew over kept volumes finds shards that have been told it, and take no lower one.
     *
     * @param shards all of the cluster
     * @throws IllegalArgumentException when the spec contradicts itself; compiling finds the rest
     */
    public static MapRecipe of(List<String> shards, ShardingSpec sharding) {
        return new MapRecipe(
                1L + sharding.allGroups().size(),
                sharding.defaultRegion(),
                placements(shards, sharding),
                overrides(sharding),
                sharding.allGroups().stream()
                        .map(group -> new GroupRecipe(
                                group.name(),
                                group.defaultRegion(),
                                placements(shards, group),
                                overrides(group),
                                group.directory() != null))
                        .toList(),
                sharding.directory() != null);
    }

    private static List<PlacementRecipe> placements(List<String> shards, PlacementRule rule) {
        PlacementSpec everything = new PlacementSpec(null, null, null, null, shards, List.of(), List.of());
        List<PlacementSpec> placements = rule.placements().isEmpty() ? List.of(everything) : rule.placements();
        return placements.stream().map(placement -> placement(placement, rule)).toList();
    }

    private static List<OverrideRecipe> overrides(PlacementRule rule) {
        return rule.overrides().stream()
                .map(override -> new OverrideRecipe(override.key(), override.shard()))
                .toList();
    }

    private static PlacementRecipe placement(PlacementSpec placement, PlacementRule rule) {
        PlacementRecipe shared =
                switch (rule.strategy()) {
                    case HASH_RANGE -> PlacementRecipe.evenHashRanges(placement.shards());
                    case CONSISTENT_HASH -> PlacementRecipe.ring(placement.shards(), rule.virtualNodes());
                    case ORDERED_RANGE ->
                        PlacementRecipe.orderedRanges(
                                rangeType(rule.orderedRange()),
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
