package io.pgmosaic.routing.split;

import io.pgmosaic.routing.key.KeyValue;
import io.pgmosaic.routing.map.HashRanges;
import io.pgmosaic.routing.map.Holding;
import io.pgmosaic.routing.map.OrderedRanges;
import io.pgmosaic.routing.map.Partitioning;
import io.pgmosaic.routing.map.ShardMap;
import io.pgmosaic.routing.recipe.PlacementRecipe;
import io.pgmosaic.routing.recipe.RangeRecipe;
import io.pgmosaic.routing.recipe.Strategy;
import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/** A placement whose ranges change hands. */
final class PlacementParts {
    private PlacementParts() {}

    static boolean owns(PlacementRecipe placement, String shard) {
        Partitioning partitioning = placement.partitioning();
        return partitioning.shards().contains(shard)
                && ShardMap.of(1, partitioning).holdingsOf(shard).stream()
                                .mapToInt(Holding::size)
                                .sum()
                        > 0;
    }

    static PlacementRecipe hashes(PlacementRecipe before, HashRanges after, String source, List<String> parts) {
        List<RangeRecipe> ranges = after.ranges().stream()
                .map(range -> new RangeRecipe(Long.toString(range.lower()), null, range.shard()))
                .toList();
        return ranged(before, Strategy.HASH_RANGE, ranges, without(before.shards(), source, parts));
    }

    static PlacementRecipe values(PlacementRecipe before, OrderedRanges after, String source, List<String> parts) {
        List<RangeRecipe> ranges = after.ranges().stream()
                .map(range -> new RangeRecipe(text(range.from()), text(range.until()), range.shard()))
                .toList();
        return ranged(before, Strategy.ORDERED_RANGE, ranges, without(before.shards(), source, parts));
    }

    /** The shards that are there without owning anything, but for one that has given up all. */
    private static List<String> without(List<String> shards, String source, List<String> parts) {
        return parts.contains(source)
                ? shards
                : shards.stream().filter(shard -> !shard.equals(source)).toList();
    }

    /** What {@code targets} own is the source's; neighbours are one range. */
    static PlacementRecipe joined(PlacementRecipe placement, List<String> targets, String source) {
        if (placement.allShards().stream().noneMatch(targets::contains)) {
            return placement;
        }
        List<RangeRecipe> ranges = new ArrayList<>();
        for (RangeRecipe range : placement.ranges()) {
            String shard = targets.contains(range.shard()) ? source : range.shard();
            boolean touches = !ranges.isEmpty() && ranges.getLast().shard().equals(shard);
            ranges.add(
                    touches
                            ? new RangeRecipe(ranges.removeLast().from(), range.until(), shard)
                            : new RangeRecipe(range.from(), range.until(), shard));
        }
        return new PlacementRecipe(
                placement.region(),
                placement.from(),
                placement.until(),
                placement.tier(),
                placement.strategy(),
                placement.rangeType(),
                ranges,
                removed(placement.shards(), targets),
                placement.virtualNodes(),
                removed(placement.dedicatedShards(), targets));
    }

    static PlacementRecipe withDedicated(PlacementRecipe placement, String shard) {
        Set<String> dedicated = new LinkedHashSet<>(placement.dedicatedShards());
        dedicated.add(shard);
        return placement.restricted(
                placement.region(), placement.from(), placement.until(), placement.tier(), List.copyOf(dedicated));
    }

    private static List<String> removed(List<String> shards, List<String> gone) {
        return shards.stream().filter(shard -> !gone.contains(shard)).toList();
    }

    private static PlacementRecipe ranged(
            PlacementRecipe before, Strategy strategy, List<RangeRecipe> ranges, List<String> shards) {
        return new PlacementRecipe(
                before.region(),
                before.from(),
                before.until(),
                before.tier(),
                strategy,
                before.rangeType(),
                ranges,
                shards,
                0,
                before.dedicatedShards());
    }

    private static @Nullable String text(@Nullable KeyValue bound) {
        return bound == null ? null : Objects.requireNonNull(bound.text());
    }
}
