package io.pgmosaic.api.v1alpha1.cluster;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.pgmosaic.api.v1alpha1.common.ApiValue;

/** How far a migration is on a shard. */
@ApiValue
public record ShardStageState(
        @JsonPropertyDescription("Name of the shard.") String shard,

        @JsonPropertyDescription("None, Expanded, Filled or Complete.")
        SchemaStage stage) {

    public ShardStageState {
        shard = shard == null ? "" : shard;
        stage = stage == null ? SchemaStage.NONE : stage;
    }
}
