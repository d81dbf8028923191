package io.pgmosaic.api.v1alpha1.cluster;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.pgmosaic.api.v1alpha1.common.ApiValue;
import org.jspecify.annotations.Nullable;

import java.util.List;

/** One shard as it was last seen, and what the operator has decided for it. */
@ApiValue
public record ShardState(
        @JsonPropertyDescription("Name of the shard.") String name,

        @JsonPropertyDescription("Fencing token: goes up whenever a primary is appointed; 0 before the first.")
        Long term,

        @JsonPropertyDescription("The instance that is the primary of this term.") @Nullable
        String primary,

        @JsonPropertyDescription("The instance on which the shard's database was or is being created.") @Nullable
        String bootstrapInstance,

        @JsonPropertyDescription("PostgreSQL's identifier of the shard's data; instances with another are refused.")
        @Nullable
        String systemIdentifier,

        @JsonPropertyDescription("Creating, Ready, Updating, Degraded, SwitchingOver, FailingOver or Failed.") @Nullable
        String phase,

        @JsonPropertyDescription("What is wrong or what is going on, for a person.") @Nullable
        String message,

        @JsonPropertyDescription("What its PostgreSQL was last told to run with.") @Nullable
        ConfigurationState configuration,

        @JsonPropertyDescription("The search for a new primary that is under way.") @Nullable
        ElectionState election,

        @JsonPropertyDescription("How the present primary came to be one; absent while it is the first.") @Nullable
        FailoverState lastFailover,

        @JsonPropertyDescription("What became of the switchover that the spec asks for.") @Nullable
        SwitchoverState switchover,

        @JsonPropertyDescription("What has been put into its database.") @Nullable
        SchemaState schema,

        @JsonPropertyDescription("How much it holds; absent until it was measured.") @Nullable
        SizeState size,

        @JsonPropertyDescription("Its instances.") List<InstanceState> instances) {

    public ShardState {
        name = name == null ? "" : name;
        term = term == null ? 0L : term;
        instances = instances == null ? List.of() : List.copyOf(instances);
    }

    /** A shard of which nothing is known yet. */
    public static ShardState unknown(String name) {
        return new ShardState(name, 0L, null, null, null, null, null, null, null, null, null, null, null, List.of());
    }
}
