package io.pgmosaic.api.v1alpha1.cluster;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.pgmosaic.api.v1alpha1.common.ApiValue;

/** All hashes from one bound to the next range's. */
@ApiValue
public record MapRange(
        @JsonPropertyDescription("Smallest hash of the range: a signed 64-bit number, as text.")
        String lower,

        @JsonPropertyDescription("The shard that owns the range.")
        String shard) {

    public MapRange {
        lower = lower == null ? "" : lower;
        shard = shard == null ? "" : shard;
    }
}
