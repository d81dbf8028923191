package io.pgmosaic.api.v1alpha1.cluster;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.pgmosaic.api.v1alpha1.common.ApiValue;
import org.jspecify.annotations.Nullable;

import java.util.List;

/** Where the parts of one placement begin. */
@ApiValue
public record SplitCutState(
        @JsonPropertyDescription("The group of tables; absent for the tables of none.") @Nullable
        String group,

        @JsonPropertyDescription("The place of the placement in the map, from 0.")
        Integer placement,

        @JsonPropertyDescription("The first hash or value of each part but the first.")
        List<String> from) {

    public SplitCutState {
        placement = placement == null ? 0 : placement;
        from = from == null ? List.of() : List.copyOf(from);
    }
}
