package io.pgmosaic.api.v1alpha1.cluster;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.pgmosaic.api.v1alpha1.common.ApiValue;
import org.jspecify.annotations.Nullable;

import java.util.List;

/** The shard map in force. */
@ApiValue
public record ShardMapState(
        @JsonPropertyDescription("Goes up by one with every change of the map.")
        Long version,

        @JsonPropertyDescription("The region of rows that name none; absent when each has to, or rows have no region.")
        @Nullable
        String defaultRegion,

        @JsonPropertyDescription("One for each region and span of time.")
        List<PlacementState> placements,

        @JsonPropertyDescription("Keys that live on another shard than the strategy says.")
        List<KeyOverride> overrides,

        @JsonPropertyDescription("The maps of groups of tables, in the same version.")
        List<GroupMapState> groups,

        @JsonPropertyDescription("Whether a directory in the shards' databases has keys elsewhere.")
        Boolean directory) {

    public ShardMapState {
        version = version == null ? 0L : version;
        placements = placements == null ? List.of() : List.copyOf(placements);
        overrides = overrides == null ? List.of() : List.copyOf(overrides);
        groups = groups == null ? List.of() : List.copyOf(groups);
        directory = directory != null && directory;
    }
}
