package io.pgmosaic.api.v1alpha1.cluster;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.pgmosaic.api.v1alpha1.common.ApiValue;
import org.jspecify.annotations.Nullable;

import java.util.List;

/** What the cluster was created with; a spec that says otherwise is refused. */
@ApiValue
public record AcceptedSpec(
        @JsonPropertyDescription("Name of the database.") String database,

        @JsonPropertyDescription("Role that owns the database.")
        String owner,

        @JsonPropertyDescription("Major version of PostgreSQL.") @Nullable
        Integer postgresVersion,

        @JsonPropertyDescription("StorageClass of the volumes; absent for the default class.") @Nullable
        String storageClassName,

        @JsonPropertyDescription("Size of each volume.") @Nullable
        String storageSize,

        @JsonPropertyDescription("Every table that has ever been sharded, with its key columns.")
        List<AcceptedTable> tables) {

    public AcceptedSpec {
        database = database == null ? "" : database;
        owner = owner == null ? "" : owner;
        tables = tables == null ? List.of() : List.copyOf(tables);
    }
}
