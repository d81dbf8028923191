package io.pgmosaic.api.v1alpha1.cluster;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.pgmosaic.api.v1alpha1.common.ApiValue;
import org.jspecify.annotations.Nullable;

/** One PostgreSQL instance as it was last seen. */
@ApiValue
public record InstanceState(
        @JsonPropertyDescription("Name of its pod.") String name,

        @JsonPropertyDescription("Primary, Standby, or absent while it is neither.") @Nullable
        String role,

        @JsonPropertyDescription("Whether it takes connections in its role.")
        Boolean ready,

        @JsonPropertyDescription("How far a standby is behind, for reading: 1.2 MiB, 40ms.") @Nullable
        String lag,

        @JsonPropertyDescription("Bytes of log that the primary has written and this standby has not replayed.")
        @Nullable
        Long lagBytes,

        @JsonPropertyDescription("Age of the last replayed change in milliseconds; 0 when nothing is outstanding.")
        @Nullable
        Long lagMillis,

        @JsonPropertyDescription("As PostgreSQL names it: async, potential, sync or quorum.") @Nullable
        String syncState,

        @JsonPropertyDescription("Timeline of its log.") @Nullable
        Long timeline,

        @JsonPropertyDescription("What is wrong or what it is doing, when it is not ready.") @Nullable
        String message) {

    public InstanceState {
        name = name == null ? "" : name;
        ready = ready != null && ready;
    }
}
