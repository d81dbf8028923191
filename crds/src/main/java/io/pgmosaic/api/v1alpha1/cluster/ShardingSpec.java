package io.pgmosaic.api.v1alpha1.cluster;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Size;
import io.pgmosaic.api.v1alpha1.common.ApiValue;
import org.jspecify.annotations.Nullable;

import java.util.List;

/** Which rows live on which shard. Cannot be changed once the cluster exists, except that tables may be added. */
@ApiValue
public record ShardingSpec(
        @JsonPropertyDescription(
                "HashRange: each shard owns one range of the key's 64-bit hash. ConsistentHash: shards share a ring, so that a new shard takes a little from every other.")
        @Default("HashRange")
        ShardingStrategy strategy,

        @JsonPropertyDescription("Settings of the ring; only with strategy ConsistentHash.") @Nullable
        ConsistentHashSpec consistentHash,

        @JsonPropertyDescription("The sharded tables with their key columns.") @Size(max = 200)
        List<TableSpec> tables,

        @JsonPropertyDescription("Tables that are kept whole on every shard. The operator creates no guard on them.")
        @Size(max = 200)
        List<TableName> referenceTables,

        @JsonPropertyDescription(
                "Keys that live on another shard than the strategy says. They cannot be changed once the cluster exists.")
        @Size(max = 100)
        List<KeyOverride> overrides) {

    public ShardingSpec {
        strategy = strategy == null ? ShardingStrategy.HASH_RANGE : strategy;
        tables = tables == null ? List.of() : List.copyOf(tables);
        referenceTables = referenceTables == null ? List.of() : List.copyOf(referenceTables);
        overrides = overrides == null ? List.of() : List.copyOf(overrides);
    }

    public static ShardingSpec defaults() {
        return new ShardingSpec(ShardingStrategy.HASH_RANGE, null, List.of(), List.of(), List.of());
    }

    /** Positions of a shard on the ring; 0 unless the strategy is {@code ConsistentHash}. */
    public int virtualNodes() {
        if (strategy != ShardingStrategy.CONSISTENT_HASH) {
            return 0;
        }
        return consistentHash == null ? ConsistentHashSpec.DEFAULT_VIRTUAL_NODES : consistentHash.virtualNodes();
    }
}
