package io.pgmosaic.operator.validation;

import io.pgmosaic.api.v1alpha1.cluster.ColumnRole;
import io.pgmosaic.api.v1alpha1.cluster.KeyColumn;
import io.pgmosaic.api.v1alpha1.cluster.KeyColumnType;
import io.pgmosaic.api.v1alpha1.cluster.OrderedRangeSpec;
import io.pgmosaic.api.v1alpha1.cluster.PlacementRule;
import io.pgmosaic.api.v1alpha1.cluster.PlacementSpec;
import io.pgmosaic.api.v1alpha1.cluster.RangeSpec;
import io.pgmosaic.api.v1alpha1.cluster.ShardingSpec;
import io.pgmosaic.api.v1alpha1.cluster.ShardingStrategy;
import io.pgmosaic.api.v1alpha1.cluster.TableGroupSpec;
import io.pgmosaic.api.v1alpha1.cluster.TableSpec;
import io.pgmosaic.maps.DeclaredMap;
import io.pgmosaic.routing.recipe.MapRecipe;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Which shards hold which rows: that every row has one place, every shard a purpose, and tables the columns for it. */
final class PlacementRules {
    private static final String PLACEMENTS = ".placements";
    private static final int MOST = 64;

    private PlacementRules() {}

    /** @param field of the rule */
    static void check(String field, List<String> shards, PlacementRule rule, Problems problems) {
        problems.size(field + PLACEMENTS, rule.placements().size(), MOST);
        ordered(field, rule, problems);
        members(field + PLACEMENTS, shards, rule, problems);
        for (TableSpec table : rule.tables()) {
            columns(field, table, rule, problems);
        }
    }

    /** A rule without placements gives every shard something. */
    static void everyShardHoldsSomething(List<String> shards, ShardingSpec sharding, Problems problems) {
        List<PlacementRule> rules = Stream.<PlacementRule>concat(Stream.of(sharding), sharding.groups().stream())
                .toList();
        if (rules.stream().anyMatch(rule -> rule.placements().isEmpty())) {
            return;
        }
        Set<String> used = rules.stream()
                .flatMap(rule -> rule.placements().stream())
                .flatMap(placement -> members(placement).stream())
                .collect(Collectors.toSet());
        shards.stream()
                .filter(name -> !used.contains(name))
                .forEach(name -> problems.add(
                        "spec.sharding" + PLACEMENTS,
                        Problem.Kind.MISSING,
                        "the shard " + Shown.of(name)
                                + " is in no placement, so it would hold nothing: list it in one, or leave it out of"
                                + " spec.shards"));
    }

    /** What can only be seen as a whole: overlaps, gaps, a shard of two regions. */
    static void wholeMap(List<String> shards, ShardingSpec sharding, Problems problems) {
        whole("spec.sharding", () -> DeclaredMap.of(shards, sharding).of(null), problems);
        for (TableGroupSpec group : sharding.groups()) {
            whole("spec.sharding.groups", () -> DeclaredMap.of(shards, sharding).of(group.name()), problems);
        }
    }

    private static void whole(String field, Supplier<MapRecipe> recipe, Problems problems) {
        try {
            recipe.get().compile(List.of());
        } catch (IllegalArgumentException e) {
            problems.add(
                    field + PLACEMENTS, Problem.Kind.CONTRADICTION, Objects.requireNonNullElse(e.getMessage(), ""));
        }
    }

    private static void ordered(String field, PlacementRule rule, Problems problems) {
        boolean isOrdered = rule.strategy() == ShardingStrategy.ORDERED_RANGE;
        OrderedRangeSpec ordered = rule.orderedRange();
        problems.require(
                isOrdered || ordered == null,
                field + ".orderedRange",
                Problem.Kind.CONTRADICTION,
                "belongs to strategy OrderedRange: remove it, or write that strategy when you create the cluster");
        problems.require(
                !isOrdered || (ordered != null && ordered.type() != null),
                field + ".orderedRange.type",
                Problem.Kind.MISSING,
                "strategy OrderedRange needs the type of the values: write BigInt, Text or Timestamp");
        problems.require(
                !isOrdered || !rule.placements().isEmpty(),
                field + PLACEMENTS,
                Problem.Kind.MISSING,
                "strategy OrderedRange needs at least one placement: write it with its ranges");
        for (PlacementSpec placement : rule.placements()) {
            problems.require(
                    isOrdered
                            ? placement.shards().isEmpty()
                            : placement.ranges().isEmpty(),
                    field + PLACEMENTS + (isOrdered ? ".shards" : ".ranges"),
                    Problem.Kind.CONTRADICTION,
                    isOrdered
                            ? "with strategy OrderedRange the ranges name the shards: remove the list"
                            : "ranges belong to strategy OrderedRange: write shards, which share the rows");
            problems.require(
                    isOrdered
                            ? !placement.ranges().isEmpty()
                            : !placement.shards().isEmpty(),
                    field + PLACEMENTS + (isOrdered ? ".ranges" : ".shards"),
                    Problem.Kind.MISSING,
                    "a placement gives its rows to no shard: write which ones hold them");
        }
    }

    private static Set<String> members(PlacementSpec placement) {
        Set<String> members = new LinkedHashSet<>(placement.shards());
        members.addAll(placement.dedicatedShards());
        placement.ranges().stream().map(RangeSpec::shard).forEach(members::add);
        return members;
    }

    private static void members(String field, List<String> shards, PlacementRule rule, Problems problems) {
        Set<String> used = new LinkedHashSet<>();
        for (PlacementSpec placement : rule.placements()) {
            used.addAll(members(placement));
            problems.distinct(field + ".shards", placement.shards(), "the shard");
            problems.require(
                    placement.dedicatedShards().stream().noneMatch(placement.shards()::contains),
                    field + ".dedicatedShards",
                    Problem.Kind.CONTRADICTION,
                    "a dedicated shard shares the other rows as well: list it in one of shards and dedicatedShards");
        }
        used.stream()
                .filter(name -> !shards.contains(name))
                .forEach(name -> problems.add(
                        field,
                        Problem.Kind.CONTRADICTION,
                        "there is no shard " + Shown.of(name) + ": write one of spec.shards"));
    }

    private static void columns(String field, TableSpec table, PlacementRule rule, Problems problems) {
        boolean hasRegions = rule.placements().stream().anyMatch(placement -> placement.region() != null);
        boolean hasTimes =
                rule.placements().stream().anyMatch(placement -> placement.from() != null || placement.until() != null);
        role(field, table, ColumnRole.REGION, hasRegions, KeyColumnType.TEXT, problems);
        role(field, table, ColumnRole.TIME, hasTimes, KeyColumnType.TIMESTAMP, problems);
        List<KeyColumn> keys = table.key().stream()
                .filter(column -> column.role() == ColumnRole.KEY)
                .toList();
        problems.require(
                !keys.isEmpty() || table.key().isEmpty(),
                field + ".tables.key",
                Problem.Kind.MISSING,
                "no column of the table " + Shown.of(table.name())
                        + " is of role Key: write which ones decide on the shard");
        OrderedRangeSpec ordered = rule.orderedRange();
        problems.require(
                ordered == null || keys.isEmpty() || keys.getFirst().type() == ordered.type(),
                field + ".tables.key.type",
                Problem.Kind.CONTRADICTION,
                "the first column of role Key of the table " + Shown.of(table.name())
                        + " is of another type than orderedRange.type: its values are what the ranges are of");
    }

    private static void role(
            String field, TableSpec table, ColumnRole role, boolean isNeeded, KeyColumnType type, Problems problems) {
        List<KeyColumn> columns =
                table.key().stream().filter(column -> column.role() == role).toList();
        String name = role == ColumnRole.REGION ? "Region" : "Time";
        problems.require(
                columns.size() == (isNeeded ? 1 : 0),
                field + ".tables.key.role",
                isNeeded ? Problem.Kind.MISSING : Problem.Kind.CONTRADICTION,
                "the table " + Shown.of(table.name())
                        + (isNeeded
                                ? " needs one column of role " + name + ", since placements depend on it"
                                : " has a column of role " + name
                                        + ", on which no placement depends: write another role"));
        columns.forEach(column -> problems.require(
                column.type() == type,
                field + ".tables.key.type",
                Problem.Kind.MALFORMED,
                "the column " + Shown.of(column.column()) + " of role " + name + " is not of type "
                        + (type == KeyColumnType.TEXT ? "Text" : "Timestamp")));
    }
}
