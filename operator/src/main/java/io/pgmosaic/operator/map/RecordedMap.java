package io.pgmosaic.operator.map;

import io.pgmosaic.api.v1alpha1.cluster.KeyOverride;
import io.pgmosaic.api.v1alpha1.cluster.MapRange;
import io.pgmosaic.api.v1alpha1.cluster.PlacementState;
import io.pgmosaic.api.v1alpha1.cluster.ShardMapState;
import io.pgmosaic.api.v1alpha1.cluster.ShardedClusterSpec;
import io.pgmosaic.api.v1alpha1.cluster.ShardingStrategy;
import io.pgmosaic.routing.map.RowSchema;
import io.pgmosaic.routing.map.ShardMap;
import io.pgmosaic.routing.recipe.MapRecipe;
import io.pgmosaic.routing.recipe.OverrideRecipe;
import io.pgmosaic.routing.recipe.PlacementRecipe;
import io.pgmosaic.routing.recipe.RangeRecipe;
import io.pgmosaic.routing.recipe.Strategy;

/** The map that a status records. */
public final class RecordedMap {
    private RecordedMap() {}

    public static ShardMapState of(MapRecipe recipe) {
        return new ShardMapState(
                recipe.version(),
                recipe.defaultRegion(),
                recipe.placements().stream().map(RecordedMap::state).toList(),
                recipe.overrides().stream()
                        .map(override -> new KeyOverride(override.key(), override.shard()))
                        .toList());
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
                map.overrides().stream()
                        .map(override -> new OverrideRecipe(override.key(), override.shard()))
                        .toList());
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

    /** The recorded map, for the tables of a validated spec. */
    public static ShardMap compile(ShardMapState map, ShardedClusterSpec spec) {
        return recipe(map)
                .compile(spec.sharding().tables().stream()
                        .map(Columns::schema)
                        .map(RowSchema::key)
                        .toList());
    }
}
