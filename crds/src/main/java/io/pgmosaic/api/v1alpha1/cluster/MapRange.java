package io.pgmosaic.api.v1alpha1.cluster;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.pgmosaic.api.v1alpha1.common.ApiValue;
import org.jspecify.annotations.Nullable;

/** All hashes or values from one bound to another. */
@ApiValue
public record MapRange(
        @JsonPropertyDescription("The first hash, a signed 64-bit number, or value; absent for no bound.") @Nullable
        String from,

        @JsonPropertyDescription(
                "The first value after the range; absent for no bound. Hash ranges end where the next begins.")
        @Nullable
        String until,

        @JsonPropertyDescription("The shard that owns the range.")
        String shard) {

    public MapRange {
        shard = shard == null ? "" : shard;
    }
}
