package io.pgmosaic.operator.validation;

import io.pgmosaic.api.v1alpha1.cluster.ColumnRole;
import io.pgmosaic.api.v1alpha1.cluster.KeyColumn;
import io.pgmosaic.api.v1alpha1.cluster.KeyColumnType;
import io.pgmosaic.api.v1alpha1.cluster.OrderedRangeSpec;
import io.pgmosaic.api.v1alpha1.cluster.PlacementSpec;
import io.pgmosaic.api.v1alpha1.cluster.RangeSpec;
import io.pgmosaic.api.v1alpha1.cluster.ShardingSpec;
import io.pgmosaic.api.v1alpha1.cluster.ShardingStrategy;
import io.pgmosaic.api.v1alpha1.cluster.TableSpec;
import io.pgmosaic.operator.map.DeclaredMap;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/** Which shards hold which rows: that every row has one place, every shard a purpose, and tables the columns for it. */
final class PlacementRules {
    private static final String FIELD = "spec.sharding.placements";
    private static final int MOST = 64;

    private PlacementRules() {}

    static void check(List<String> shards, ShardingSpec sharding, Problems problems) {
        problems.size(FIELD, sharding.placements().size(), MOST);
        ordered(sharding, problems);
        if (!sharding.placements().isEmpty()) {
            members(shards, sharding, problems);
        }
        if (problems.found().isEmpty()) {
            // What is left can only be seen as a whole: overlaps, gaps, a shard of two regions.
            try {
                DeclaredMap.of(shards, sharding).compile(List.of());
            } catch (IllegalArgumentException e) {
                problems.add(FIELD, Problem.Kind.CONTRADICTION, Objects.requireNonNullElse(e.getMessage(), ""));
            }
        }
        for (TableSpec table : sharding.tables()) {
            columns(table, sharding, problems);
        }
    }

    private static void ordered(ShardingSpec sharding, Problems problems) {
        boolean isOrdered = sharding.strategy() == ShardingStrategy.ORDERED_RANGE;
        OrderedRangeSpec ordered = sharding.orderedRange();
        problems.require(
                isOrdered || ordered == null,
                "spec.sharding.orderedRange",
                Problem.Kind.CONTRADICTION,
                "belongs to strategy OrderedRange: remove it, or write that strategy when you create the cluster");
        problems.require(
                !isOrdered || (ordered != null && ordered.type() != null),
                "spec.sharding.orderedRange.type",
                Problem.Kind.MISSING,
                "strategy OrderedRange needs the type of the values: write BigInt, Text or Timestamp");
        problems.require(
                !isOrdered || !sharding.placements().isEmpty(),
                FIELD,
                Problem.Kind.MISSING,
                "strategy OrderedRange needs at least one placement: write it with its ranges");
        for (PlacementSpec placement : sharding.placements()) {
            problems.require(
                    isOrdered
                            ? placement.shards().isEmpty()
                            : placement.ranges().isEmpty(),
                    FIELD + (isOrdered ? ".shards" : ".ranges"),
                    Problem.Kind.CONTRADICTION,
                    isOrdered
                            ? "with strategy OrderedRange the ranges name the shards: remove the list"
                            : "ranges belong to strategy OrderedRange: write shards, which share the rows");
            problems.require(
                    isOrdered
                            ? !placement.ranges().isEmpty()
                            : !placement.shards().isEmpty(),
                    FIELD + (isOrdered ? ".ranges" : ".shards"),
                    Problem.Kind.MISSING,
                    "a placement gives its rows to no shard: write which ones hold them");
        }
    }

    private static void members(List<String> shards, ShardingSpec sharding, Problems problems) {
        Set<String> used = new LinkedHashSet<>();
        for (PlacementSpec placement : sharding.placements()) {
            used.addAll(placement.shards());
            used.addAll(placement.dedicatedShards());
            placement.ranges().stream().map(RangeSpec::shard).forEach(used::add);
            problems.distinct(FIELD + ".shards", placement.shards(), "the shard");
            problems.require(
                    placement.dedicatedShards().stream().noneMatch(placement.shards()::contains),
                    FIELD + ".dedicatedShards",
                    Problem.Kind.CONTRADICTION,
                    "a dedicated shard shares the other rows as well: list it in one of shards and dedicatedShards");
        }
        used.stream()
                .filter(name -> !shards.contains(name))
                .forEach(name -> problems.add(
                        FIELD,
                        Problem.Kind.CONTRADICTION,
                        "there is no shard " + Shown.of(name) + ": write one of spec.shards"));
        shards.stream()
                .filter(name -> !used.contains(name))
                .forEach(name -> problems.add(
                        FIELD,
                        Problem.Kind.MISSING,
                        "the shard " + Shown.of(name)
                                + " is in no placement, so it would hold nothing: list it in one, or leave it out of"
                                + " spec.shards"));
    }

    private static void columns(TableSpec table, ShardingSpec sharding, Problems problems) {
        boolean hasRegions = sharding.placements().stream().anyMatch(placement -> placement.region() != null);
        boolean hasTimes = sharding.placements().stream()
                .anyMatch(placement -> placement.from() != null || placement.until() != null);
        role(table, ColumnRole.REGION, hasRegions, KeyColumnType.TEXT, problems);
        role(table, ColumnRole.TIME, hasTimes, KeyColumnType.TIMESTAMP, problems);
        List<KeyColumn> keys = table.key().stream()
                .filter(column -> column.role() == ColumnRole.KEY)
                .toList();
        problems.require(
                !keys.isEmpty() || table.key().isEmpty(),
                "spec.sharding.tables.key",
                Problem.Kind.MISSING,
                "no column of the table " + Shown.of(table.name())
                        + " is of role Key: write which ones decide on the shard");
        OrderedRangeSpec ordered = sharding.orderedRange();
        problems.require(
                ordered == null || keys.isEmpty() || keys.getFirst().type() == ordered.type(),
                "spec.sharding.tables.key.type",
                Problem.Kind.CONTRADICTION,
                "the first column of role Key of the table " + Shown.of(table.name())
                        + " is of another type than spec.sharding.orderedRange.type: its values are what the ranges are of");
    }

    private static void role(
            TableSpec table, ColumnRole role, boolean isNeeded, KeyColumnType type, Problems problems) {
        List<KeyColumn> columns =
                table.key().stream().filter(column -> column.role() == role).toList();
        String name = role == ColumnRole.REGION ? "Region" : "Time";
        problems.require(
                columns.size() == (isNeeded ? 1 : 0),
                "spec.sharding.tables.key.role",
                isNeeded ? Problem.Kind.MISSING : Problem.Kind.CONTRADICTION,
                "the table " + Shown.of(table.name())
                        + (isNeeded
                                ? " needs one column of role " + name + ", since placements depend on it"
                                : " has a column of role " + name
                                        + ", on which no placement depends: write another role"));
        columns.forEach(column -> problems.require(
                column.type() == type,
                "spec.sharding.tables.key.type",
                Problem.Kind.MALFORMED,
                "the column " + Shown.of(column.column()) + " of role " + name + " is not of type "
                        + (type == KeyColumnType.TEXT ? "Text" : "Timestamp")));
    }
}
