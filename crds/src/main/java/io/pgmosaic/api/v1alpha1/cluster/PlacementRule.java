package io.pgmosaic.api.v1alpha1.cluster;

import org.jspecify.annotations.Nullable;

import java.util.List;

/** How the rows of some tables are placed. */
public interface PlacementRule {
    ShardingStrategy strategy();

    @Nullable
    ConsistentHashSpec consistentHash();

    @Nullable
    OrderedRangeSpec orderedRange();

    @Nullable
    String defaultRegion();

    List<PlacementSpec> placements();

    List<TableSpec> tables();

    List<KeyOverride> overrides();

    /** Null when there is none. */
    @Nullable
    DirectorySpec directory();

    /** Positions of a shard on the ring; 0 unless the strategy is {@code ConsistentHash}. */
    default int virtualNodes() {
        if (strategy() != ShardingStrategy.CONSISTENT_HASH) {
            return 0;
        }
        ConsistentHashSpec ring = consistentHash();
        return ring == null ? ConsistentHashSpec.DEFAULT_VIRTUAL_NODES : ring.virtualNodes();
    }
}
