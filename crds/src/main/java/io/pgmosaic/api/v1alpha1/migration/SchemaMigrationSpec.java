package io.pgmosaic.api.v1alpha1.migration;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import io.pgmosaic.api.v1alpha1.common.ApiValue;
import io.pgmosaic.api.v1alpha1.common.ClusterName;
import io.pgmosaic.api.v1alpha1.common.Patterns;
import org.jspecify.annotations.Nullable;

import java.util.List;

/** One change of the schema over every shard: expand, backfill, contract. */
@ValidationRule(
        value =
                "(has(self.expand) && self.expand.size() > 0) || has(self.backfill) || (has(self.contract) && self.contract.size() > 0)",
        message = "there is nothing to do: write expand, backfill or contract")
@ApiValue
public record SchemaMigrationSpec(
        @JsonPropertyDescription("The ShardedCluster whose schema changes.")
        @Required
        @ValidationRule(
                value = "self == oldSelf",
                message = "cluster cannot be changed: create another SchemaMigration")
        ClusterName cluster,

        @JsonPropertyDescription("Names of SchemaMigrations that must be complete before this one begins.")
        @Size(max = 50)
        List<@Pattern(Patterns.DNS_SUBDOMAIN) @Size(min = 1, max = 253) String> after,

        @JsonPropertyDescription(
                "Statements that add what the new version of the application needs; the old version goes on working.")
        @Size(max = 100)
        List<@Size(min = 1, max = 65536) String> expand,

        @JsonPropertyDescription("Fills existing rows after expand.") @Nullable
        BackfillSpec backfill,

        @JsonPropertyDescription("Statements that remove what the old version of the application needed.")
        @Size(max = 100)
        List<@Size(min = 1, max = 65536) String> contract,

        @JsonPropertyDescription("Statements that undo a step.")
        RollbackSpec rollback,

        @JsonPropertyDescription("In which order and how carefully the shards are changed.") @Default("{}")
        RolloutSpec rollout,

        @JsonPropertyDescription("Names of safety findings that you accept, as the status lists them.") @Size(max = 50)
        List<@Size(min = 1, max = 63) String> allow,

        @JsonPropertyDescription("Set this to true to let the contract step begin.") @Default("false")
        Boolean approved) {

    public SchemaMigrationSpec {
        cluster = cluster == null ? new ClusterName("") : cluster;
        after = after == null ? List.of() : List.copyOf(after);
        expand = expand == null ? List.of() : List.copyOf(expand);
        contract = contract == null ? List.of() : List.copyOf(contract);
        rollback = rollback == null ? RollbackSpec.none() : rollback;
        rollout = rollout == null ? RolloutSpec.defaults() : rollout;
        allow = allow == null ? List.of() : List.copyOf(allow);
        approved = approved != null && approved;
    }
}
