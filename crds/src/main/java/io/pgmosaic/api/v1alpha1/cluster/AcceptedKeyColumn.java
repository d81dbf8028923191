package io.pgmosaic.api.v1alpha1.cluster;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.pgmosaic.api.v1alpha1.common.ApiValue;
import org.jspecify.annotations.Nullable;

/** A key column as it was first used. */
@ApiValue
public record AcceptedKeyColumn(
        @JsonPropertyDescription("Name of the column.") String column,

        @JsonPropertyDescription("How its values are hashed.") @Nullable
        KeyColumnType type) {

    public AcceptedKeyColumn {
        column = column == null ? "" : column;
    }
}
