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
 * @param groups how the tables of each group are placed; those of no group are as this one says
 * @param directory whether single keys are elsewhere than this says, by entries in the shards' own tables
 */
public record MapRecipe(
        long version,
        @Nullable String defaultRegion,
        List<PlacementRecipe> placements,
        List<OverrideRecipe> overrides,
        List<GroupRecipe> groups,
        Boolean directory) {
    /** @throws IllegalArgumentException when two groups have one name */
    public MapRecipe {
        // A person who writes one leaves out what it does not have; an operator that knows no groups or directories
        // sends none.
        placements = Written.list(placements, "placements");
        overrides = Written.list(overrides, "overrides");
        groups = Written.list(groups, "groups");
        directory = directory != null && directory;
        if (groups.stream().map(GroupRecipe::name).distinct().count() < groups.size()) {
            throw new IllegalArgumentException("two groups of tables have one name");
        }
    }

    /** A map without a directory. */
    public MapRecipe(
            long version,
            @Nullable String defaultRegion,
            List<PlacementRecipe> placements,
            List<OverrideRecipe> overrides,
            List<GroupRecipe> groups) {
        this(version, defaultRegion, placements, overrides, groups, false);
    }

    /** A map without groups. */
    public MapRecipe(
            long version,
            @Nullable String defaultRegion,
            List<PlacementRecipe> placements,
            List<OverrideRecipe> overrides) {
        this(version, defaultRegion, placements, overrides, List.of());
    }

    /**
     * The map of a group of tables, in this one's version.
     *
     * @param name null for the tables of no group
     * @throws IllegalArgumentException when there is no such group
     */
    public MapRecipe of(@Nullable String name) {
        if (name == null) {
            return new MapRecipe(version, defaultRegion, placements, overrides, List.of(), directory);
        }
        return groups.stream()
                .filter(group -> group.name().equals(name))
                .findFirst()
                .map(group -> new MapRecipe(
                        version,
                        group.defaultRegion(),
                        group.placements(),
                        group.overrides(),
                        List.of(),
                        group.directory()))
                .orElseThrow(() -> new IllegalArgumentException("there is no group of tables " + name));
    }

    /** Every shard on which any table has rows, each once. */
    public List<String> allShards() {
        Set<String> shards = new LinkedHashSet<>(shards());
        groups.forEach(group -> shards.addAll(of(group.name()).shards()));
        return List.copyOf(shards);
    }

    /** Every shard on which tables of no group have rows, each once. */
    List<String> shards() {
        Set<String> shards = new LinkedHashSet<>();
        placements.forEach(placement -> shards.addAll(placement.allShards()));
        return List.copyOf(shards);
    }

    /**
     * Of the tables of no group.
     *
     * @param schemas of the tables that the map places. An override that is a key of none of them concerns no row and is
     *     left out
     * @throws IllegalArgumentException when the recipe contradicts itself
     */
    public ShardMap compile(Collection<KeySchema> schemas) {
        ShardMap rule = rule(schemas);
        return directory ? rule.withDirectory() : rule;
    }

    private ShardMap rule(Collection<KeySchema> schemas) {
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
