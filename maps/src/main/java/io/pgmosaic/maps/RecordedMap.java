package io.pgmosaic.maps;

import io.pgmosaic.api.v1alpha1.cluster.GroupMapState;
import io.pgmosaic.api.v1alpha1.cluster.KeyOverride;
import io.pgmosaic.api.v1alpha1.cluster.MapRange;
import io.pgmosaic.api.v1alpha1.cluster.PlacementState;
import io.pgmosaic.api.v1alpha1.cluster.ShardMapState;
import io.pgmosaic.api.v1alpha1.cluster.ShardingSpec;
import io.pgmosaic.api.v1alpha1.cluster.ShardingStrategy;
import io.pgmosaic.api.v1alpha1.cluster.TableGroupSpec;
import io.pgmosaic.routing.recipe.GroupRecipe;
import io.pgmosaic.routing.recipe.MapRecipe;
import io.pgmosaic.routing.recipe.OverrideRecipe;
import io.pgmosaic.routing.recipe.PlacementRecipe;
import io.pgmosaic.routing.recipe.RangeRecipe;
import io.pgmosaic.routing.recipe.Strategy;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** The map that a status records. */
public final class RecordedMap {
    private RecordedMap() {}

    public static ShardMapState of(MapRecipe recipe) {
        return new ShardMapState(
                recipe.version(),
                recipe.defaultRegion(),
                recipe.placements().stream().map(RecordedMap::state).toList(),
                overridden(recipe.overrides()),
                recipe.groups().stream()
                        .map(group -> new GroupMapState(
                                group.name(),
                                group.defaultRegion(),
                                group.placements().stream()
                                        .map(RecordedMap::state)
                                        .toList(),
                                overridden(group.overrides()),
                                group.directory()))
                        .toList(),
                recipe.directory());
    }

    private static List<KeyOverride> overridden(List<OverrideRecipe> overrides) {
        return overrides.stream()
                .map(override -> new KeyOverride(override.key(), override.shard()))
                .toList();
    }

    private static PlacementState state(PlacementRecipe placement) {
        return new PlacementState(
                placement.region(),
                placement.from(),
                placement.until(),
                placement.tier(),
                switch (placement.strategy()) {
                    case HASH_RANGE -> ShardingStrategy.HASH_RANGE;
                    case CONSISTENT_HASH -> ShardingStrategy.CONSISTENT_HASH;
                    case ORDERED_RANGE -> ShardingStrategy.ORDERED_RANGE;
                },
                placement.rangeType() == null ? null : Columns.type(placement.rangeType()),
                placement.ranges().stream()
                        .map(range -> new MapRange(range.from(), range.until(), range.shard()))
                        .toList(),
                placement.shards(),
                placement.virtualNodes(),
                placement.dedicatedShards());
    }

    public static MapRecipe recipe(ShardMapState map) {
        return new MapRecipe(
                map.version(),
                map.defaultRegion(),
                map.placements().stream().map(RecordedMap::recipe).toList(),
                overrides(map.overrides()),
                map.groups().stream()
                        .map(group -> new GroupRecipe(
                                group.name(),
                                group.defaultRegion(),
                                group.placements().stream()
                                        .map(RecordedMap::recipe)
                                        .toList(),
                                overrides(group.overrides()),
                                group.directory()))
                        .toList(),
                map.directory());
    }

    private static List<OverrideRecipe> overrides(List<KeyOverride> overridden) {
        return overridden.stream()
                .map(override -> new OverrideRecipe(override.key(), override.shard()))
                .toList();
    }

    private static PlacementRecipe recipe(PlacementState placement) {
        return new PlacementRecipe(
                placement.region(),
                placement.from(),
                placement.until(),
                placement.tier(),
                switch (placement.strategy()) {
                    case HASH_RANGE -> Strategy.HASH_RANGE;
                    case CONSISTENT_HASH -> Strategy.CONSISTENT_HASH;
                    case ORDERED_RANGE -> Strategy.ORDERED_RANGE;
                },
                placement.rangeType() == null ? null : Columns.type(placement.rangeType()),
                placement.ranges().stream()
                        .map(range -> new RangeRecipe(range.from(), range.until(), range.shard()))
                        .toList(),
                placement.shards(),
                placement.virtualNodes(),
                placement.dedicatedShards());
    }

    /** Every shard to which it gives keys, or may give some by a directory or an override. */
    public static List<String> shards(ShardMapState map) {
        return recipe(map).allShards();
    }

    /** Whether every declared group is recorded. */
    public static boolean hasGroupsOf(ShardMapState recorded, ShardingSpec sharding) {
        Set<String> known = recorded.groups().stream().map(GroupMapState::name).collect(Collectors.toSet());
        return sharding.allGroups().stream().map(TableGroupSpec::name).allMatch(known::contains);
    }

    /**
     * The recorded map with the groups that were declared since, a version later for each; the same one when there are none. No row
     * moves: a group that is not recorded has no guarded table yet.
     */
    public static ShardMapState withGroupsOf(ShardMapState recorded, MapRecipe declared) {
        Set<String> known = recorded.groups().stream().map(GroupMapState::name).collect(Collectors.toSet());
        List<GroupMapState> groups = new ArrayList<>(recorded.groups());
        of(declared).groups().stream()
                .filter(group -> !known.contains(group.name()))
                .forEach(groups::add);
        return groups.equals(recorded.groups())
                ? recorded
                : new ShardMapState(
                        recorded.version() + groups.size() - recorded.groups().size(),
                        recorded.defaultRegion(),
                        recorded.placements(),
                        recorded.overrides(),
                        groups,
                        recorded.directory());
    }
}
