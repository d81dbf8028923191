package io.pgmosaic.api.v1alpha1.cluster;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.ValidationRule;
import io.pgmosaic.api.v1alpha1.common.ApiValue;
import org.jspecify.annotations.Nullable;

/** What a commit waits for. */
@ValidationRule(
        value = "self.mode != 'Async' || !has(self.acknowledgements) || self.acknowledgements == 0",
        message = "replication.acknowledgements has no meaning with mode Async: remove it, or write mode SemiSync")
@ValidationRule(
        value = "self.mode == 'Async' || !has(self.acknowledgements) || self.acknowledgements > 0",
        message =
                "replication.acknowledgements must be at least 1 with this mode: write a higher number, or mode Async")
@ApiValue
public record ReplicationSpec(
        @JsonPropertyDescription(
                "Async: a commit waits for no standby. SemiSync: for at least one. Quorum: for a majority of the standbys. Sync: for all of them.")
        @Default("SemiSync")
        ReplicationMode mode,

        @JsonPropertyDescription(
                "Number of standbys that must have a commit on disk before the client is told. Default: 0 for Async, 1 for SemiSync, a majority of the standbys for Quorum, all for Sync.")
        @Min(0)
        @Max(8)
        @Nullable
        Integer acknowledgements,

        @JsonPropertyDescription(
                "What happens when fewer standbys than that can acknowledge. Required: writes wait, nothing acknowledged is ever lost. Preferred: writes go on with fewer, and the status says Degraded.")
        @Default("Required")
        Durability durability,

        @JsonPropertyDescription(
                "ANY: any of the standbys count, the fastest decide. FIRST: the first connected ones of the list count.")
        @Default("ANY")
        QuorumMethod method) {

    public ReplicationSpec {
        mode = mode == null ? ReplicationMode.SEMI_SYNC : mode;
        durability = durability == null ? Durability.REQUIRED : durability;
        method = method == null ? QuorumMethod.ANY : method;
    }

    public static ReplicationSpec defaults() {
        return new ReplicationSpec(ReplicationMode.SEMI_SYNC, null, Durability.REQUIRED, QuorumMethod.ANY);
    }

    /**
     * Standbys that must acknowledge a commit when a shard has {@code instances} instances: what the spec says, else the
     * mode's own number, and never more than there are standbys.
     */
    public int acknowledgementsAmong(int instances) {
        int standbys = Math.max(0, instances - 1);
        int wanted =
                switch (mode) {
                    case ASYNC -> 0;
                    case SEMI_SYNC -> acknowledgements == null ? 1 : acknowledgements;
                    case QUORUM -> acknowledgements == null ? standbys / 2 + 1 : acknowledgements;
                    case SYNC -> standbys;
                };
        return Math.min(wanted, standbys);
    }
}
