package io.pgmosaic.operator.split.points;

import io.pgmosaic.api.v1alpha1.split.SplitTarget;
import io.pgmosaic.maps.PlacedTable;
import io.pgmosaic.routing.key.InvalidKeyException;
import io.pgmosaic.routing.key.KeyType;
import io.pgmosaic.routing.key.KeyValue;
import io.pgmosaic.routing.map.OrderedRanges;
import io.pgmosaic.routing.map.Partitioning;
import io.pgmosaic.routing.recipe.MapRecipe;
import io.pgmosaic.routing.recipe.PlacementRecipe;
import io.pgmosaic.routing.split.HashSplit;
import io.pgmosaic.routing.split.Sample;
import io.pgmosaic.routing.split.SplitRule;
import io.pgmosaic.routing.split.SplitRule.Cut;
import org.jspecify.annotations.Nullable;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/** Chooses where the parts of a split begin, in every placement in which the source owns rows. */
public final class SplitPoints {
    /** With fewer rows than these the hashes themselves are a better guide than the rows. */
    private static final int FEW = 1_000;

    private final MapRecipe map;
    private final List<PlacedTable> tables;
    private final String source;
    private final List<SplitTarget> targets;

    /**
     * @param tables the sharded ones
     * @param targets in their order, with the points that a person gave
     */
    public SplitPoints(MapRecipe map, List<PlacedTable> tables, String source, List<SplitTarget> targets) {
        this.map = map;
        this.tables = List.copyOf(tables);
        this.source = source;
        this.targets = List.copyOf(targets);
    }

    private record Place(@Nullable String group, int index, PlacementRecipe placement) {}

    /**
     * None for a split into one target.
     *
     * @throws IllegalArgumentException when a person has to say where; the message says what
     */
    public List<Cut> choose(KeyPlaces places) throws SQLException {
        if (targets.size() == 1) {
            return List.of();
        }
        List<Place> owning = Stream.concat(
                        owning(null, map.placements()),
                        map.groups().stream().flatMap(group -> owning(group.name(), group.placements())))
                .toList();
        List<String> given = targets.stream()
                .skip(1)
                .map(SplitTarget::from)
                .filter(Objects::nonNull)
                .toList();
        if (given.isEmpty()) {
            List<Cut> cuts = new ArrayList<>();
            for (Place place : owning) {
                cuts.add(new Cut(place.group(), place.index(), sampled(place, places)));
            }
            return cuts;
        }
        if (given.size() < targets.size() - 1) {
            throw new IllegalArgumentException(
                    "targets: some have a from and some have none: write it for all but the first, or for none");
        }
        if (owning.size() != 1) {
            throw new IllegalArgumentException("targets: shard " + source + " owns rows in " + owning.size()
                    + " placements, and one from does not fit all of them: leave it out, and the points are chosen by the"
                    + " rows that there are");
        }
        return List.of(new Cut(owning.getFirst().group(), owning.getFirst().index(), given));
    }

    private Stream<Place> owning(@Nullable String group, List<PlacementRecipe> placements) {
        List<Place> found = new ArrayList<>();
        for (int i = 0; i < placements.size(); i++) {
            if (SplitRule.owns(placements.get(i), source)) {
                found.add(new Place(group, i, placements.get(i)));
            }
        }
        return found.stream();
    }

    private List<String> sampled(Place place, KeyPlaces places) throws SQLException {
        Partitioning partitioning = place.placement().partitioning();
        List<PlacedTable> placed = tables.stream()
                .filter(table -> table.group().equals(Objects.requireNonNullElse(place.group(), "")))
                .toList();
        if (partitioning instanceof OrderedRanges ordered) {
            return values(placed, ordered, places);
        }
        List<Long> hashes = new ArrayList<>();
        for (PlacedTable table : placed) {
            places.hashes(table.guarded()).stream().map(Long::valueOf).forEach(hashes::add);
        }
        List<Long> bounds = HashSplit.even(partitioning, source, targets.size());
        if (hashes.size() >= FEW) {
            try {
                bounds = Sample.quantiles(hashes, targets.size(), Comparator.naturalOrder());
            } catch (IllegalArgumentException tooFewKeys) {
                // One key has nearly all rows: no point between hashes parts them better than another.
                return texts(bounds);
            }
        }
        return texts(bounds);
    }

    private static List<String> texts(List<Long> bounds) {
        return bounds.stream().map(bound -> Long.toString(bound)).toList();
    }

    private List<String> values(List<PlacedTable> placed, OrderedRanges ordered, KeyPlaces places) throws SQLException {
        List<KeyValue> values = new ArrayList<>();
        for (PlacedTable table : placed) {
            for (String text : places.values(table.guarded())) {
                values.add(value(ordered.type(), text));
            }
        }
        List<KeyValue> owned = values.stream()
                .filter(value -> ordered.rangesOf(source).stream()
                        .anyMatch(range -> (range.from() == null || OrderedRanges.compare(range.from(), value) <= 0)
                                && (range.until() == null || OrderedRanges.compare(range.until(), value) > 0)))
                .toList();
        if (owned.size() < FEW) {
            throw new IllegalArgumentException("targets: the source has " + owned.size()
                    + " rows to choose a split point by, and values in order say nothing of those to come: write from for"
                    + " each target but the first");
        }
        return Sample.quantiles(owned, targets.size(), OrderedRanges::compare).stream()
                .map(KeyValue::text)
                .toList();
    }

    private static KeyValue value(KeyType type, String text) {
        try {
            return type.parse(text);
        } catch (InvalidKeyException e) {
            throw new IllegalStateException("the database gave a value that it cannot hold", e);
        }
    }
}
