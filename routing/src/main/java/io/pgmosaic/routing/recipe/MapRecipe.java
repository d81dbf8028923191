package io.pgmosaic.routing.recipe;

import io.pgmosaic.routing.key.InvalidKeyException;
import io.pgmosaic.routing.key.KeySchema;
import io.pgmosaic.routing.map.KeyOverride;
import io.pgmosaic.routing.map.Period;
import io.pgmosaic.routing.map.Region;
import io.pgmosaic.routing.map.ShardMap;
import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * How a shard map is made.
 *
 * @param defaultRegion of rows that name none; null when each has to, or rows have no region
 * @param placements one for each region and span of time; in any order
 * @param overrides keys that live on a shard of their own choice, within the region that the shard is of
 */
public record MapRecipe(
        long version,
        @Nullable String defaultRegion,
        List<PlacementRecipe> placements,
        List<OverrideRecipe> overrides) {
    public MapRecipe {
        placements = List.copyOf(placements);
        overrides = List.copyOf(overrides);
    }

    /** Every shard of the map, each once. */
    public List<String> shards() {
        Set<String> shards = new LinkedHashSet<>();
        placements.forEach(placement -> shards.addAll(placement.allShards()));
        return List.copyOf(shards);
    }

    /**
     * @param schemas of the tables that the map places. An override that is a key of none of them concerns no row and is
     *     left out
     * @throws IllegalArgumentException when the recipe contradicts itself
     */
    public ShardMap compile(Collection<KeySchema> schemas) {
        Map<@Nullable String, List<PlacementRecipe>> byRegion = new LinkedHashMap<>();
        for (PlacementRecipe placement : placements) {
            byRegion.computeIfAbsent(placement.region(), name -> new ArrayList<>())
                    .add(placement);
        }
        if (byRegion.isEmpty()) {
            throw new IllegalArgumentException("there is no placement: no shard owns anything");
        }
        if (byRegion.size() > 1 && byRegion.containsKey(null)) {
            throw new IllegalArgumentException("some placements name a region and others do not");
        }
        List<KeyOverride> typed = typed(schemas);
        List<Region> regions = new ArrayList<>();
        byRegion.forEach((name, parts) -> regions.add(region(name, parts, typed)));
        if (byRegion.containsKey(null)) {
            if (defaultRegion != null) {
                throw new IllegalArgumentException(
                        "there is a default region, " + defaultRegion + ", and no placement names a region");
            }
            return ShardMap.of(version, regions.getFirst());
        }
        return ShardMap.of(version, regions, defaultRegion);
    }

    private static Region region(@Nullable String name, List<PlacementRecipe> parts, List<KeyOverride> overrides) {
        List<Period> periods = parts.stream()
                .map(PlacementRecipe::compile)
                .sorted(Comparator.comparing(Period::span))
                .toList();
        Set<String> dedicated = new LinkedHashSet<>();
        parts.forEach(part -> dedicated.addAll(part.dedicatedShards()));
        Set<String> shards = new LinkedHashSet<>(dedicated);
        parts.forEach(part -> shards.addAll(part.allShards()));
        return new Region(
                name,
                periods,
                List.copyOf(dedicated),
                overrides.stream()
                        .filter(override -> shards.contains(override.shard()))
                        .toList());
    }

    private List<KeyOverride> typed(Collection<KeySchema> schemas) {
        List<String> shards = shards();
        List<KeyOverride> typed = new ArrayList<>();
        for (OverrideRecipe override : overrides) {
            if (!shards.contains(override.shard())) {
                throw new IllegalArgumentException("the override of " + override.key() + " names shard "
                        + override.shard() + ", which is in no placement");
            }
            if (schemas.stream().anyMatch(schema -> isKey(schema, override.key()))) {
                typed.addAll(KeyOverride.parse(override.key(), override.shard(), schemas));
            }
        }
        return typed;
    }

    private static boolean isKey(KeySchema schema, List<String> texts) {
        try {
            return !schema.parse(texts).values().isEmpty();
        } catch (InvalidKeyException notOfThisTable) {
            return false;
        }
    }
}
