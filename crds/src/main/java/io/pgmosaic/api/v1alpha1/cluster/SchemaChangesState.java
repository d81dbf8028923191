package io.pgmosaic.api.v1alpha1.cluster;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.pgmosaic.api.v1alpha1.common.ApiValue;

import java.util.List;

/** What applications are told of migrations. */
@ApiValue
public record SchemaChangesState(
        @JsonPropertyDescription("Goes up with every change, so that nobody who has heard of it goes back.")
        Long version,

        @JsonPropertyDescription("The migrations that have begun, but for those that ended long ago.")
        List<SchemaChangeState> changes) {

    public SchemaChangesState {
        version = version == null ? 0L : version;
        changes = changes == null ? List.of() : List.copyOf(changes);
    }

    public static SchemaChangesState none() {
        return new SchemaChangesState(0L, List.of());
    }
}
