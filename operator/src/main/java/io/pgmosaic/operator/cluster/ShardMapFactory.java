package io.pgmosaic.operator.cluster;

import io.pgmosaic.api.v1alpha1.cluster.MapRange;
import io.pgmosaic.api.v1alpha1.cluster.ShardMapState;
import io.pgmosaic.api.v1alpha1.cluster.ShardedClusterSpec;
import io.pgmosaic.api.v1alpha1.cluster.ShardingStrategy;
import io.pgmosaic.operator.database.KeySchemas;
import io.pgmosaic.routing.key.InvalidKeyException;
import io.pgmosaic.routing.key.KeySchema;
import io.pgmosaic.routing.map.HashRange;
import io.pgmosaic.routing.map.HashRanges;
import io.pgmosaic.routing.map.HashRing;
import io.pgmosaic.routing.map.KeyOverride;
import io.pgmosaic.routing.map.Partitioning;
import io.pgmosaic.routing.map.ShardMap;

import java.util.ArrayList;
import java.util.List;

/** Between a spec, the map as it is recorded, and the map as it is computed with. Pure. */
final class ShardMapFactory {
    private ShardMapFactory() {}

    /** The first map of a cluster. */
    static ShardMapState first(ShardedClusterSpec spec) {
        List<String> shards = spec.shards().shardNames();
        boolean ranges = spec.sharding().strategy() == ShardingStrategy.HASH_RANGE;
        return new ShardMapState(
                1L,
                spec.sharding().strategy(),
                ranges
                        ? HashRanges.even(shards).ranges().stream()
                                .map(range -> new MapRange(Long.toString(range.lower()), range.shard()))
                                .toList()
                        : List.of(),
                ranges ? List.of() : shards,
                spec.sharding().virtualNodes(),
                spec.sharding().overrides());
    }

    /** The shards of a recorded map, in its order. */
    static List<String> shards(ShardMapState map) {
        return map.strategy() == ShardingStrategy.HASH_RANGE
                ? map.ranges().stream().map(MapRange::shard).distinct().toList()
                : map.shards();
    }

    static ShardMap compile(ShardMapState map, ShardedClusterSpec spec) {
        Partitioning partitioning = map.strategy() == ShardingStrategy.HASH_RANGE
                ? new HashRanges(
                        shards(map),
                        map.ranges().stream()
                                .map(range -> new HashRange(Long.parseLong(range.lower()), range.shard()))
                                .toList())
                : HashRing.of(map.shards(), map.virtualNodes());
        return ShardMap.of(map.version(), partitioning, overrides(map, spec));
    }

    /** A validated override is a key of at least one table. */
    private static List<KeyOverride> overrides(ShardMapState map, ShardedClusterSpec spec) {
        List<KeySchema> schemas =
                spec.sharding().tables().stream().map(KeySchemas::of).toList();
        List<KeyOverride> overrides = new ArrayList<>();
        for (var override : map.overrides()) {
            try {
                overrides.addAll(KeyOverride.parse(override.key(), override.shard(), schemas));
            } catch (InvalidKeyException e) {
                throw new IllegalArgumentException("override " + override.key() + ": " + e.getMessage(), e);
            }
        }
        return overrides;
    }
}
