package io.pgmosaic.api.v1alpha1.cluster;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import io.pgmosaic.api.v1alpha1.common.ApiValue;
import io.pgmosaic.api.v1alpha1.common.Patterns;
import org.jspecify.annotations.Nullable;

import java.util.List;

/** Tables whose rows are placed otherwise than those of the others. */
@ValidationRule(
        value =
                "!has(self.directory) || !has(self.placements) || self.placements.all(p, !has(p.from) && !has(p.until))",
        message =
                "sharding.groups: directory: rows of one key would be on different shards by their times: remove it, or from and until of the placements")
@ValidationRule(
        value =
                "self.strategy == oldSelf.strategy && has(self.consistentHash) == has(oldSelf.consistentHash) && (!has(self.consistentHash) || self.consistentHash == oldSelf.consistentHash) && has(self.orderedRange) == has(oldSelf.orderedRange) && (!has(self.orderedRange) || self.orderedRange == oldSelf.orderedRange) && has(self.defaultRegion) == has(oldSelf.defaultRegion) && (!has(self.defaultRegion) || self.defaultRegion == oldSelf.defaultRegion) && has(self.placements) == has(oldSelf.placements) && (!has(self.placements) || self.placements == oldSelf.placements) && has(self.overrides) == has(oldSelf.overrides) && (!has(self.overrides) || self.overrides == oldSelf.overrides) && has(self.directory) == has(oldSelf.directory)",
        message =
                "sharding.groups: how a group's rows are placed cannot be changed, they would have to move: write what the group was created with, and add tables only")
@ValidationRule(
        value = "!has(self.retention) || (has(self.placements) && self.placements.exists(p, has(p.until)))",
        message =
                "sharding.groups: retention: no placement ends at a time, so no row is ever too old: write until of one, or remove it")
@ApiValue
public record TableGroupSpec(
        @JsonPropertyDescription("Name of the group.")
        @Required
        @Pattern(Patterns.DNS_LABEL)
        @Size(min = 1, max = 30)
        @ValidationRule(
                value = "self != 'mosaic-lookup'",
                message = "groups.name: mosaic-lookup belongs to PgMosaic: write another name")
        String name,

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
                "Which shards hold which rows: one entry for each region and span of time. Without any, all shards share all rows of the group. They cannot be changed once the cluster exists.")
        @Size(max = 64)
        List<PlacementSpec> placements,

        @JsonPropertyDescription(
                "The tables of the group, with their key columns. A table is in one group, or in none.")
        @Required
        @Size(min = 1, max = 50)
        List<TableSpec> tables,

        @JsonPropertyDescription(
                "Keys that live on another shard than the strategy says. They cannot be changed once the cluster exists.")
        @Size(max = 100)
        List<KeyOverride> overrides,

        @JsonPropertyDescription(
                "Has each shard keep a table of keys that are on another shard than the strategy says, for millions of tenants. Not with placements by time. It cannot be added or removed once the group exists.")
        @Nullable
        DirectorySpec directory,

        @JsonPropertyDescription(
                "How long rows are kept after the time until of their placement, such as 8760h. What is older is told in the condition RetentionDue and in GET /v1/places, with the statements that delete it. The operator deletes nothing.")
        @Pattern(Patterns.DURATION)
        @Size(max = Patterns.DURATION_LENGTH)
        @Nullable
        String retention)
        implements PlacementRule {

    public TableGroupSpec {
        name = name == null ? "" : name;
        strategy = strategy == null ? ShardingStrategy.HASH_RANGE : strategy;
        placements = placements == null ? List.of() : List.copyOf(placements);
        tables = tables == null ? List.of() : List.copyOf(tables);
        overrides = overrides == null ? List.of() : List.copyOf(overrides);
    }
}
