package io.pgmosaic.api.v1alpha1.split;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.pgmosaic.api.v1alpha1.common.ApiValue;
import org.jspecify.annotations.Nullable;

/** How much of the copy is done. */
@ApiValue
public record SplitProgress(
        @JsonPropertyDescription("Rows copied of all that move.") @Nullable
        Integer percent,

        @JsonPropertyDescription("Rows copied so far.") @Nullable
        Long rowsCopied,

        @JsonPropertyDescription("Rows that move.") @Nullable
        Long rowsTotal,

        @JsonPropertyDescription("Bytes copied so far.") @Nullable
        Long bytesCopied,

        @JsonPropertyDescription("Bytes that move.") @Nullable
        Long bytesTotal,

        @JsonPropertyDescription("Rows copied per second, lately.") @Nullable
        Long rowsPerSecond,

        @JsonPropertyDescription("Bytes of the source's log that the targets have not applied.") @Nullable
        Long lagBytes,

        @JsonPropertyDescription("When the copy will be done at this rate, as a time span for reading.") @Nullable
        String eta) {}
