package io.pgmosaic.api.v1alpha1.cluster;

import io.pgmosaic.api.v1alpha1.common.DurationText;
import org.jspecify.annotations.Nullable;

import java.time.Duration;
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

    /** How long rows are kept after the end of their placement's span of time; null for ever. */
    @Nullable
    String retention();

    /**
     * {@link #retention} as a time.
     *
     * @throws IllegalArgumentException when it is none
     */
    default @Nullable Duration retentionDuration() {
        String text = retention();
        return text == null ? null : DurationText.parse(text);
    }

    /** Positions of a shard on the ring; 0 unless the strategy is {@code ConsistentHash}. */
    default int virtualNodes() {
        if (strategy() != ShardingStrategy.CONSISTENT_HASH) {
            return 0;
        }
        ConsistentHashSpec ring = consistentHash();
        return ring == null ? ConsistentHashSpec.DEFAULT_VIRTUAL_NODES : ring.virtualNodes();
    }
}
