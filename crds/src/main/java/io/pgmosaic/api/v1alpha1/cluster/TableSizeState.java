package io.pgmosaic.api.v1alpha1.cluster;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.pgmosaic.api.v1alpha1.common.ApiValue;

/** How much one table holds on one shard. */
@ApiValue
public record TableSizeState(
        @JsonPropertyDescription("The table, as schema.name.")
        String table,

        @JsonPropertyDescription("Its size with indexes, partitions and long values, in bytes.")
        Long bytes) {

    public TableSizeState {
        table = table == null ? "" : table;
        bytes = bytes == null ? 0L : bytes;
    }
}
