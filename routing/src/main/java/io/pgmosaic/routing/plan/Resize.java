package io.pgmosaic.routing.plan;

import io.pgmosaic.routing.map.HashRange;
import io.pgmosaic.routing.map.HashRanges;
import io.pgmosaic.routing.recipe.MapRecipe;
import io.pgmosaic.routing.recipe.PlacementRecipe;
import io.pgmosaic.routing.recipe.RangeRecipe;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The same rule over more or fewer shards, with as few rows moved as even parts allow. Of the tables of no group alone. */
public final class Resize {
    /** Most shards of a cluster. */
    public static final int MOST = 256;

    private static final String NAME = "s";

    private Resize() {}

    /**
     * Shards that come are named s0, s1 and so on, as far as these names are free; those that go are the last ones.
     *
     * @param recipe without regions, periods and ranges of values: there only people can say which shards there should be more of
     * @throws IllegalArgumentException when it has any of these, or {@code count} is not from 1 to {@link #MOST}
     */
    public static MapRecipe of(MapRecipe recipe, int count) {
        if (count < 1 || count > MOST) {
            throw new IllegalArgumentException("a cluster has 1 to " + MOST + " shards, not " + count);
        }
        if (recipe.placements().size() != 1 || isRestricted(recipe.placements().getFirst())) {
            throw new IllegalArgumentException(
                    "rows are placed by region or time, so a number of shards does not say where they are: write the map");
        }
        PlacementRecipe placement = recipe.placements().getFirst();
        PlacementRecipe resized =
                switch (placement.strategy()) {
                    case CONSISTENT_HASH ->
                        PlacementRecipe.ring(members(placement.shards(), count), placement.virtualNodes());
                    case HASH_RANGE -> ranges(placement, count);
                    case ORDERED_RANGE ->
                        throw new IllegalArgumentException(
                                "rows are placed in the order of values, and only the data says where to cut: write the map");
                };
        return new MapRecipe(
                recipe.version(),
                recipe.defaultRegion(),
                List.of(resized.restricted(null, null, null, null, placement.dedicatedShards())),
                recipe.overrides(),
                recipe.groups(),
                recipe.directory());
    }

    private static boolean isRestricted(PlacementRecipe placement) {
        return placement.region() != null || placement.from() != null || placement.until() != null;
    }

    private static List<String> members(List<String> present, int count) {
        List<String> members = new ArrayList<>(present.subList(0, Math.min(count, present.size())));
        addFree(members, new HashSet<>(present), count);
        return members;
    }

    private static void addFree(List<String> names, Set<String> taken, int count) {
        for (int i = 0; names.size() < count; i++) {
            if (taken.add(NAME + i)) {
                names.add(NAME + i);
            }
        }
    }

    private record Overlap(int range, String shard, double size) {}

    /** Even ranges; each stays with the shard that has most of it, unless that one has a range already. */
    private static PlacementRecipe ranges(PlacementRecipe placement, int count) {
        double[] old = bounds(placement.ranges().stream()
                .mapToDouble(range -> Double.parseDouble(String.valueOf(range.from())))
                .toArray());
        List<HashRange> even = HashRanges.even(placeholders(count)).ranges();
        double[] fresh = bounds(even.stream().mapToDouble(HashRange::lower).toArray());
        List<Overlap> overlaps = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            for (int j = 0; j + 1 < old.length; j++) {
                double size = Math.min(fresh[i + 1], old[j + 1]) - Math.max(fresh[i], old[j]);
                if (size > 0) {
                    overlaps.add(new Overlap(i, placement.ranges().get(j).shard(), size));
                }
            }
        }
        // Of equal parts the lower range keeps its shard.
        overlaps.sort(Comparator.comparingDouble(Overlap::size).reversed().thenComparingInt(Overlap::range));
        String[] owners = new String[count];
        Set<String> placed = new HashSet<>();
        for (Overlap overlap : overlaps) {
            if (owners[overlap.range()] == null && placed.add(overlap.shard())) {
                owners[overlap.range()] = overlap.shard();
            }
        }
        Set<String> taken = new HashSet<>(placement.allShards());
        List<String> free = new ArrayList<>();
        addFree(free, taken, (int)
                Arrays.stream(owners).filter(owner -> owner == null).count());
        List<RangeRecipe> ranges = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            String shard = owners[i] == null ? free.removeFirst() : owners[i];
            ranges.add(new RangeRecipe(Long.toString(even.get(i).lower()), null, shard));
        }
        return new PlacementRecipe(null, null, null, null, placement.strategy(), null, ranges, List.of(), 0, List.of());
    }

    private static double[] bounds(double[] lowers) {
        double[] bounds = Arrays.copyOf(lowers, lowers.length + 1);
        bounds[lowers.length] = 0x1p63;
        return bounds;
    }

    private static List<String> placeholders(int count) {
        List<String> names = new ArrayList<>();
        addFree(names, new HashSet<>(), count);
        return names;
    }
}
