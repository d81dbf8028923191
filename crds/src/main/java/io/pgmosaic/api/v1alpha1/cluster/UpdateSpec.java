package io.pgmosaic.api.v1alpha1.cluster;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.pgmosaic.api.v1alpha1.common.ApiValue;

/** How a change that needs a restart (image, parameters of that kind, resources) is rolled out. */
@ApiValue
public record UpdateSpec(
        @JsonPropertyDescription(
                "How many shards may be in a rolling change at once. Within a shard the standbys are restarted first, one at a time, then the primary's role is switched over, then the old primary is restarted.")
        @Default("1")
        @Min(1)
        @Max(64)
        Integer maxShards) {

    public static final int DEFAULT_MAX_SHARDS = 1;

    public UpdateSpec {
        maxShards = maxShards == null ? DEFAULT_MAX_SHARDS : maxShards;
    }

    public static UpdateSpec defaults() {
        return new UpdateSpec(DEFAULT_MAX_SHARDS);
    }
}
