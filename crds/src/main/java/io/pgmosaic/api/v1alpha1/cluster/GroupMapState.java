package io.pgmosaic.api.v1alpha1.cluster;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.pgmosaic.api.v1alpha1.common.ApiValue;
import org.jspecify.annotations.Nullable;

import java.util.List;

/** The map of a group of tables. */
@ApiValue
public record GroupMapState(
        @JsonPropertyDescription("Name of the group.") String name,

        @JsonPropertyDescription("As in the map of the other tables.") @Nullable
        String defaultRegion,

        @JsonPropertyDescription("As in the map of the other tables.")
        List<PlacementState> placements,

        @JsonPropertyDescription("As in the map of the other tables.")
        List<KeyOverride> overrides,

        @JsonPropertyDescription("Whether a directory in the shards' databases has keys elsewhere.")
        Boolean directory) {

    public GroupMapState {
        name = name == null ? "" : name;
        placements = placements == null ? List.of() : List.copyOf(placements);
        overrides = overrides == null ? List.of() : List.copyOf(overrides);
        directory = directory != null && directory;
    }
}
