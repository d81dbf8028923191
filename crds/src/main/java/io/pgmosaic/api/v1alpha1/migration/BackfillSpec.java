package io.pgmosaic.api.v1alpha1.migration;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.pgmosaic.api.v1alpha1.common.ApiValue;
import io.pgmosaic.api.v1alpha1.common.Patterns;
import org.jspecify.annotations.Nullable;

/** Fills existing rows in batches, in the order of the primary key. Durations are a whole number and ms, s, m or h. */
@ApiValue
public record BackfillSpec(
        @JsonPropertyDescription("Schema of the table.")
        @Default("public")
        @Pattern(Patterns.SQL_IDENTIFIER)
        @Size(min = 1, max = Patterns.SQL_IDENTIFIER_LENGTH)
        String schema,

        @JsonPropertyDescription("The table whose rows are filled.")
        @Required
        @Pattern(Patterns.SQL_IDENTIFIER)
        @Size(min = 1, max = Patterns.SQL_IDENTIFIER_LENGTH)
        String table,

        @JsonPropertyDescription("The SET list of the update, such as total = price * amount.")
        @Required
        @Size(min = 1, max = 65536)
        String set,

        @JsonPropertyDescription("Which rows need it. Default: all.") @Size(min = 1, max = 65536) @Nullable
        String where,

        @JsonPropertyDescription("Rows of the first batch; later batches follow targetBatchTime.")
        @Default("1000")
        @Min(1)
        @Max(100000)
        Integer batchRows,

        @JsonPropertyDescription("Batches grow or shrink until one takes about this long.")
        @Default("200ms")
        @Pattern(Patterns.DURATION)
        @Size(max = Patterns.DURATION_LENGTH)
        String targetBatchTime,

        @JsonPropertyDescription("The backfill pauses while a standby is further behind than this.")
        @Default("5s")
        @Pattern(Patterns.DURATION)
        @Size(max = Patterns.DURATION_LENGTH)
        String maxReplicaLag,

        @JsonPropertyDescription(
                "The backfill of a shard pauses while more sessions than this, beside its own, are running a statement there. Default: no limit.")
        @Min(1)
        @Max(100000)
        @Nullable
        Integer maxActiveSessions) {

    public BackfillSpec {
        schema = schema == null ? "public" : schema;
        table = table == null ? "" : table;
        set = set == null ? "" : set;
        batchRows = batchRows == null ? 1000 : batchRows;
        targetBatchTime = targetBatchTime == null ? "200ms" : targetBatchTime;
        maxReplicaLag = maxReplicaLag == null ? "5s" : maxReplicaLag;
    }
}
