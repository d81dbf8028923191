package io.pgmosaic.api.v1alpha1.cluster;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.pgmosaic.api.v1alpha1.common.ApiValue;

import java.util.List;

/** How much a shard holds, about: written again only when something has grown or shrunk noticeably. */
@ApiValue
public record SizeState(
        @JsonPropertyDescription("Size of the shard's database, in bytes.")
        Long bytes,

        @JsonPropertyDescription("Its sharded tables with their indexes, the largest first; at most 20.")
        List<TableSizeState> tables) {

    public SizeState {
        bytes = bytes == null ? 0L : bytes;
        tables = tables == null ? List.of() : List.copyOf(tables);
    }
}
