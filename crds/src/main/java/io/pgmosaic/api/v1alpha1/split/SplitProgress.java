package io.pgmosaic.api.v1alpha1.split;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.pgmosaic.api.v1alpha1.common.ApiValue;
import org.jspecify.annotations.Nullable;

/** How much of the copy is done. */
@ApiValue
public record SplitProgress(
        @JsonPropertyDescription("How much of the copy, or of the comparison while that runs, is done.") @Nullable
        Integer percent,

        @JsonPropertyDescription("Rows copied so far.") @Nullable
        Long rowsCopied,

        @JsonPropertyDescription("Rows that move.") @Nullable
        Long rowsTotal,

        @JsonPropertyDescription("Bytes copied so far.") @Nullable
        Long bytesCopied,

        @JsonPropertyDescription("Bytes that move.") @Nullable
        Long bytesTotal,

        @JsonPropertyDescription("Rows copied or compared per second, lately.") @Nullable
        Long rowsPerSecond,

        @JsonPropertyDescription("Rows compared so far.") @Nullable
        Long rowsVerified,

        @JsonPropertyDescription("Bytes of the log that the other side has not applied.") @Nullable
        Long lagBytes,

        @JsonPropertyDescription("How long it will take at this rate, as a time span for reading.") @Nullable
        String eta) {
    /** The same, with another lag. */
    public SplitProgress withLagBytes(Long other) {
        return new SplitProgress(
                percent, rowsCopied, rowsTotal, bytesCopied, bytesTotal, rowsPerSecond, rowsVerified, other, eta);
    }
}
