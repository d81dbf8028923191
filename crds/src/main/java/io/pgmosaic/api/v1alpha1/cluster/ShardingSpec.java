package io.pgmosaic.api.v1alpha1.cluster;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import io.pgmosaic.api.v1alpha1.common.ApiValue;
import io.pgmosaic.api.v1alpha1.common.Patterns;
import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.stream.Stream;

/** Which rows live on which shard. Cannot be changed once the cluster exists, except that tables may be added. */
@ValidationRule(
        value = "self.strategy == oldSelf.strategy",
        message =
                "sharding.strategy cannot be changed, every row would move: write the strategy that the cluster was created with")
@ValidationRule(
        value = "self.strategy == 'ConsistentHash' || !has(self.consistentHash)",
        message =
                "sharding.consistentHash belongs to strategy ConsistentHash: remove it, or write that strategy when you create the cluster")
@ValidationRule(
        value =
                "(has(self.consistentHash) ? self.consistentHash.virtualNodes : 150) == (has(oldSelf.consistentHash) ? oldSelf.consistentHash.virtualNodes : 150)",
        message =
                "sharding.consistentHash.virtualNodes cannot be changed, rows would move: write the number that the cluster was created with")
@ValidationRule(
        value = "self.strategy == 'OrderedRange' || !has(self.orderedRange)",
        message =
                "sharding.orderedRange belongs to strategy OrderedRange: remove it, or write that strategy when you create the cluster")
@ValidationRule(
        value =
                "self.strategy != 'OrderedRange' || (has(self.orderedRange) && has(self.placements) && size(self.placements) > 0)",
        message =
                "strategy OrderedRange needs sharding.orderedRange.type and at least one of sharding.placements with its ranges: write them")
@ValidationRule(
        value =
                "has(self.orderedRange) == has(oldSelf.orderedRange) && (!has(self.orderedRange) || self.orderedRange == oldSelf.orderedRange)",
        message =
                "sharding.orderedRange cannot be changed, rows would have to move: write what the cluster was created with")
@ValidationRule(
        value =
                "(has(self.defaultRegion) ? self.defaultRegion : '') == (has(oldSelf.defaultRegion) ? oldSelf.defaultRegion : '')",
        message =
                "sharding.defaultRegion cannot be changed, rows would have to move: write what the cluster was created with")
@ValidationRule(
        value =
                "(has(self.placements) ? size(self.placements) : 0) == (has(oldSelf.placements) ? size(oldSelf.placements) : 0) && (!has(self.placements) || !has(oldSelf.placements) || self.placements == oldSelf.placements)",
        message =
                "sharding.placements cannot be changed, rows would have to move: write those that the cluster was created with")
@ValidationRule(
        value =
                "(has(self.overrides) ? size(self.overrides) : 0) == (has(oldSelf.overrides) ? size(oldSelf.overrides) : 0) && (!has(self.overrides) || !has(oldSelf.overrides) || self.overrides == oldSelf.overrides)",
        message =
                "sharding.overrides cannot be changed, rows would have to move: write those that the cluster was created with")
@ValidationRule(
        value = "!has(self.overrides) || self.overrides.all(a, self.overrides.exists_one(b, b.key == a.key))",
        message = "sharding.overrides: a key is listed twice: write each key once")
@ValidationRule(
        value =
                "!has(self.tables) || !has(self.referenceTables) || self.tables.all(t, !self.referenceTables.exists(r, r.name == t.name && r.schema == t.schema))",
        message = "sharding: a table is listed in tables and in referenceTables: write it in one of them")
@ValidationRule(
        value =
                "!has(oldSelf.groups) || (has(self.groups) && oldSelf.groups.all(o, self.groups.exists(g, g.name == o.name)))",
        message =
                "sharding.groups: a group cannot be removed or renamed, its tables hold data: write all groups that there are")
@ValidationRule(
        value =
                "!has(self.directory) || !has(self.placements) || self.placements.all(p, !has(p.from) && !has(p.until))",
        message =
                "sharding.directory: rows of one key would be on different shards by their times: remove it, or from and until of the placements")
@ValidationRule(
        value = "!has(self.retention) || (has(self.placements) && self.placements.exists(p, has(p.until)))",
        message =
                "sharding.retention: no placement ends at a time, so no row is ever too old: write until of one, or remove it")
@ValidationRule(
        value = "has(self.directory) == has(oldSelf.directory)",
        message =
                "sharding.directory cannot be added or removed, the guards of running shards depend on it: write it as the cluster was created, or add a group of tables that has one")
@ApiValue
public record ShardingSpec(
        @JsonPropertyDescription(
                "HashRange: each shard owns one range of the key's 64-bit hash. ConsistentHash: shards share a ring, so that a new shard takes a little from every other. OrderedRange: each shard owns ranges of the key's values, which placements list.")
        @Default("HashRange")
        ShardingStrategy strategy,

        @JsonPropertyDescription("Settings of the ring; only with strategy ConsistentHash.") @Nullable
        ConsistentHashSpec consistentHash,

        @JsonPropertyDescription("Settings of ordered ranges; only with strategy OrderedRange.") @Nullable
        OrderedRangeSpec orderedRange,

        @JsonPropertyDescription(
                "The region of lookups that name none. Without it each has to, when placements have regions.")
        @Size(min = 1, max = 63)
        @Nullable
        String defaultRegion,

        @JsonPropertyDescription(
                "Which shards hold which rows: one entry for each region and span of time. Without any, all shards share all rows. They cannot be changed once the cluster exists.")
        @Size(max = 64)
        List<PlacementSpec> placements,

        @JsonPropertyDescription("The sharded tables with their key columns.") @Size(max = 200)
        List<TableSpec> tables,

        @JsonPropertyDescription("Tables that are kept whole on every shard. The operator creates no guard on them.")
        @Size(max = 200)
        List<TableName> referenceTables,

        @JsonPropertyDescription(
                "Keys that live on another shard than the strategy says. They cannot be changed once the cluster exists.")
        @Size(max = 100)
        List<KeyOverride> overrides,

        @JsonPropertyDescription(
                "Has each shard keep a table of keys that are on another shard than the strategy says, for millions of tenants. Not with placements by time. It cannot be added or removed once the cluster exists.")
        @Nullable
        DirectorySpec directory,

        @JsonPropertyDescription(
                "Tables whose rows are placed otherwise, group by group. A group cannot be removed or changed once it exists, except that tables may be added to it.")
        @Size(max = 8)
        List<TableGroupSpec> groups,

        @JsonPropertyDescription(
                "How long rows are kept after the time until of their placement, such as 8760h. What is older is told in the condition RetentionDue and in GET /v1/places, with the statements that delete it. The operator deletes nothing.")
        @Pattern(Patterns.DURATION)
        @Size(max = Patterns.DURATION_LENGTH)
        @Nullable
        String retention)
        implements PlacementRule {

    public ShardingSpec {
        strategy = strategy == null ? ShardingStrategy.HASH_RANGE : strategy;
        placements = placements == null ? List.of() : List.copyOf(placements);
        tables = tables == null ? List.of() : List.copyOf(tables);
        referenceTables = referenceTables == null ? List.of() : List.copyOf(referenceTables);
        overrides = overrides == null ? List.of() : List.copyOf(overrides);
        groups = groups == null ? List.of() : List.copyOf(groups);
    }

    public static ShardingSpec defaults() {
        return new ShardingSpec(
                ShardingStrategy.HASH_RANGE,
                null,
                null,
                null,
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                null,
                List.of(),
                null);
    }

    /** The group of {@link #LOOKUP_ENTRIES}; no group of a spec begins so. */
    public static final String LOOKUP_GROUP = "mosaic-lookup";

    /** The table of the entries of all lookup indexes: it is sharded by the value that is looked up. */
    public static final TableSpec LOOKUP_ENTRIES =
            new TableSpec("mosaic", "lookup_entries", List.of(new KeyColumn("value", KeyColumnType.TEXT)));

    /** The declared groups, and that of the entries of lookup indexes where there are any. */
    public List<TableGroupSpec> allGroups() {
        if (allTables().stream().allMatch(table -> table.lookupIndexes().isEmpty())) {
            return groups;
        }
        TableGroupSpec entries = new TableGroupSpec(
                LOOKUP_GROUP,
                ShardingStrategy.HASH_RANGE,
                null,
                null,
                null,
                List.of(),
                List.of(LOOKUP_ENTRIES),
                List.of(),
                null,
                null);
        return Stream.concat(groups.stream(), Stream.of(entries)).toList();
    }

    /** Every sharded table, of whatever group. */
    public List<TableSpec> allTables() {
        return Stream.concat(tables.stream(), groups.stream().flatMap(group -> group.tables().stream()))
                .toList();
    }
}
