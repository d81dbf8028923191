package io.pgmosaic.routing.recipe;

import io.pgmosaic.routing.key.InvalidKeyException;
import io.pgmosaic.routing.key.KeyType;
import io.pgmosaic.routing.key.KeyValue;
import io.pgmosaic.routing.map.HashRange;
import io.pgmosaic.routing.map.HashRanges;
import io.pgmosaic.routing.map.HashRing;
import io.pgmosaic.routing.map.OrderedRange;
import io.pgmosaic.routing.map.OrderedRanges;
import io.pgmosaic.routing.map.Partitioning;
import io.pgmosaic.routing.map.Period;
import io.pgmosaic.routing.map.TimeSpan;
import org.jspecify.annotations.Nullable;

import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Which shards hold the rows of one region and one span of time, and how they share them.
 *
 * @param region null when rows have no region
 * @param from the first time, in ISO 8601 with an offset; null for no bound
 * @param until the first time after the span; null for no bound
 * @param tier what the user calls shards of this age; null when there are no tiers
 * @param rangeType of the values, with {@code ORDERED_RANGE}; null otherwise
 * @param ranges in order; empty with {@code CONSISTENT_HASH}
 * @param shards the members of a ring; with ranges, those that own none but could
 * @param virtualNodes positions of each member of a ring; 0 otherwise
 * @param dedicatedShards those that own nothing but what overrides give them
 */
public record PlacementRecipe(
        @Nullable String region,
        @Nullable String from,
        @Nullable String until,
        @Nullable String tier,
        Strategy strategy,
        @Nullable KeyType rangeType,
        List<RangeRecipe> ranges,
        List<String> shards,
        Integer virtualNodes,
        List<String> dedicatedShards) {
    /** @throws IllegalArgumentException when the strategy or the type of ordered ranges is missing, or a number is negative */
    public PlacementRecipe {
        Written.needed(
                strategy,
                "a placement has a strategy: write "
                        + Arrays.stream(Strategy.values()).map(Strategy::name).collect(Collectors.joining(" or ")));
        if (strategy == Strategy.ORDERED_RANGE) {
            Written.needed(
                    rangeType,
                    "ranges of values have a type: write rangeType, "
                            + Arrays.stream(KeyType.values()).map(KeyType::name).collect(Collectors.joining(" or ")));
        }
        virtualNodes = virtualNodes == null ? 0 : virtualNodes;
        if (virtualNodes < 0) {
            throw new IllegalArgumentException(
                    "virtualNodes is the number of positions of each shard on a ring, and not " + virtualNodes
                            + ": write 1 or more, or leave it out where there is no ring");
        }
        ranges = Written.list(ranges, "ranges");
        shards = Written.list(shards, "shards");
        dedicatedShards = Written.list(dedicatedShards, "dedicatedShards");
    }

    /** Even hash ranges of all rows, in the order of the list. */
    public static PlacementRecipe evenHashRanges(List<String> shards) {
        List<RangeRecipe> ranges = HashRanges.even(shards).ranges().stream()
                .map(range -> new RangeRecipe(Long.toString(range.lower()), null, range.shard()))
                .toList();
        return new PlacementRecipe(null, null, null, null, Strategy.HASH_RANGE, null, ranges, List.of(), 0, List.of());
    }

    /** A ring of all rows. */
    public static PlacementRecipe ring(List<String> shards, int virtualNodes) {
        return new PlacementRecipe(
                null, null, null, null, Strategy.CONSISTENT_HASH, null, List.of(), shards, virtualNodes, List.of());
    }

    /** Ranges of values of all rows. */
    public static PlacementRecipe orderedRanges(KeyType type, List<RangeRecipe> ranges) {
        return new PlacementRecipe(
                null, null, null, null, Strategy.ORDERED_RANGE, type, ranges, List.of(), 0, List.of());
    }

    /** This one for the rows of one region and span of time alone. */
    public PlacementRecipe restricted(
            @Nullable String toRegion,
            @Nullable String newFrom,
            @Nullable String newUntil,
            @Nullable String newTier,
            List<String> dedicated) {
        return new PlacementRecipe(
                toRegion, newFrom, newUntil, newTier, strategy, rangeType, ranges, shards, virtualNodes, dedicated);
    }

    /** @throws IllegalArgumentException when the recipe contradicts itself */
    Period compile() {
        return new Period(new TimeSpan(time(from), time(until)), tier, partitioning());
    }

    private KeyValue.@Nullable Timestamp time(@Nullable String text) {
        return text == null ? null : (KeyValue.Timestamp) value(KeyType.TIMESTAMPTZ, text, "the bound of the period");
    }

    /** How the rows are shared. */
    public Partitioning partitioning() {
        return switch (strategy) {
            case HASH_RANGE ->
                new HashRanges(
                        rangeShards(),
                        ranges.stream().map(PlacementRecipe::hashes).toList());
            case CONSISTENT_HASH -> HashRing.of(shards, virtualNodes);
            case ORDERED_RANGE -> ordered(Objects.requireNonNull(rangeType, "ordered ranges have a type"));
        };
    }

    private Partitioning ordered(KeyType type) {
        return new OrderedRanges(
                rangeShards(),
                type,
                ranges.stream()
                        .map(range ->
                                new OrderedRange(bound(type, range.from()), bound(type, range.until()), range.shard()))
                        .toList());
    }

    @Nullable
    private static KeyValue bound(KeyType type, @Nullable String text) {
        return text == null ? null : value(type, text, "the bound of the range");
    }

    private static HashRange hashes(RangeRecipe range) {
        String lower = Objects.requireNonNullElse(range.from(), "");
        return new HashRange(
                ((KeyValue.Bigint) value(KeyType.BIGINT, lower, "the bound of the hash range")).value(), range.shard());
    }

    private static KeyValue value(KeyType type, String text, String what) {
        try {
            return type.parse(text);
        } catch (InvalidKeyException invalid) {
            throw new IllegalArgumentException(what + " " + invalid.getMessage(), invalid);
        }
    }

    private List<String> rangeShards() {
        Set<String> all = new LinkedHashSet<>(shards);
        ranges.forEach(range -> all.add(range.shard()));
        return List.copyOf(all);
    }

    /** Every shard of it, each once. */
    public List<String> allShards() {
        Set<String> all = new LinkedHashSet<>(rangeShards());
        all.addAll(dedicatedShards);
        return List.copyOf(all);
    }
}
