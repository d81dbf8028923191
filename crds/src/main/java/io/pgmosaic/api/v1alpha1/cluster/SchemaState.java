package io.pgmosaic.api.v1alpha1.cluster;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.pgmosaic.api.v1alpha1.common.ApiValue;
import org.jspecify.annotations.Nullable;

/** What the operator has put into a shard's database. */
@ApiValue
public record SchemaState(
        @JsonPropertyDescription("SHA-256 of the initial SQL that ran here; absent before it has.") @Nullable
        String initSqlChecksum,

        @JsonPropertyDescription("Version of the shard map that the shard itself enforces; 0 before it does.")
        Long guardMapVersion) {

    public SchemaState {
        guardMapVersion = guardMapVersion == null ? 0L : guardMapVersion;
    }
}
