package io.pgmosaic.api.v1alpha1.cluster;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.pgmosaic.api.v1alpha1.common.ApiValue;
import org.jspecify.annotations.Nullable;

import java.util.List;

/** What applications are told of a migration. */
@ApiValue
public record SchemaChangeState(
        @JsonPropertyDescription("Name of the SchemaMigration.")
        String name,

        @JsonPropertyDescription("Its identifier: another one of the same name is another migration.")
        String uid,

        @JsonPropertyDescription(
                "The tables that its statements use, change or make, with their schemas; absent when that is not known.")
        @Nullable
        List<String> tables,

        @JsonPropertyDescription("How far every shard is: None, Expanded, Filled or Complete.")
        SchemaStage everywhere,

        @JsonPropertyDescription("The shards that are farther.")
        List<ShardStageState> ahead,

        @JsonPropertyDescription(
                "It is taken back: applications are told that nothing of it is there, and from this time on statements are undone.")
        @Nullable
        String undoneFrom) {

    public SchemaChangeState {
        name = name == null ? "" : name;
        uid = uid == null ? "" : uid;
        tables = tables == null ? null : List.copyOf(tables);
        everywhere = everywhere == null ? SchemaStage.NONE : everywhere;
        ahead = ahead == null ? List.of() : List.copyOf(ahead);
    }

    public SchemaStage on(String shard) {
        return ahead.stream()
                .filter(state -> state.shard().equals(shard))
                .map(ShardStageState::stage)
                .findFirst()
                .orElse(everywhere);
    }

    /** Whether applications are told that something of it is there. */
    public boolean tellsAny() {
        return everywhere != SchemaStage.NONE || !ahead.isEmpty();
    }
}
