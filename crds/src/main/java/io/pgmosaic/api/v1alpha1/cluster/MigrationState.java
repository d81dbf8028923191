package io.pgmosaic.api.v1alpha1.cluster;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.pgmosaic.api.v1alpha1.common.ApiValue;

/** A migration that may change the shards now. */
@ApiValue
public record MigrationState(
        @JsonPropertyDescription("Name of the SchemaMigration.")
        String name,

        @JsonPropertyDescription("Its identifier: another one of the same name is another migration.")
        String uid) {

    public MigrationState {
        name = name == null ? "" : name;
        uid = uid == null ? "" : uid;
    }
}
