package io.pgmosaic.api.v1alpha1.cluster;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.pgmosaic.api.v1alpha1.common.ApiValue;
import org.jspecify.annotations.Nullable;

import java.util.List;

/** One shard as it was last seen, and what the operator has decided for it. */
@ApiValue
public record ShardState(
        @JsonPropertyDescription("Name of the shard.") String name,

        @JsonPropertyDescription("The ShardSplit that made it; absent for a shard of the spec.") @Nullable
        String bornOf,

        @JsonPropertyDescription("How its data begins as another shard's; absent for a shard that begins empty.")
        @Nullable
        CloneState clonedFrom,

        @JsonPropertyDescription("It holds nothing any more; its objects are being removed.")
        Boolean retired,

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
        retired = retired != null && retired;
        term = term == null ? 0L : term;
        instances = instances == null ? List.of() : List.copyOf(instances);
    }

    /** A shard of which nothing is known yet. */
    public static ShardState unknown(String name) {
        return new ShardState(
                name, null, null, false, 0L, null, null, null, null, null, null, null, null, null, null, null,
                List.of());
    }

    /**
     * A shard that is to be made, beside those of the spec.
     *
     * @param split the name of the ShardSplit for which it is
     */
    public static ShardState born(String name, String split) {
        return born(name, split, null);
    }

    /** @param clonedFrom how its data begins; null for one that begins empty */
    public static ShardState born(String name, String split, @Nullable CloneState clonedFrom) {
        return new ShardState(
                name,
                split,
                clonedFrom,
                false,
                0L,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                List.of());
    }

    /** The same, holding nothing any more. */
    public ShardState retire() {
        return new ShardState(
                name,
                bornOf,
                clonedFrom,
                true,
                term,
                primary,
                bootstrapInstance,
                systemIdentifier,
                phase,
                message,
                configuration,
                election,
                lastFailover,
                switchover,
                schema,
                size,
                instances);
    }

    /** The same, with its data a clone as described. */
    public ShardState withClonedFrom(@Nullable CloneState changed) {
        return new ShardState(
                name,
                bornOf,
                changed,
                retired,
                term,
                primary,
                bootstrapInstance,
                systemIdentifier,
                phase,
                message,
                configuration,
                election,
                lastFailover,
                switchover,
                schema,
                size,
                instances);
    }

    /** The same with what was decided for it replaced. */
    public ShardState decided(
            Long newTerm,
            @Nullable String newPrimary,
            @Nullable String newBootstrapInstance,
            @Nullable String newSystemIdentifier,
            ConfigurationState newConfiguration,
            @Nullable ElectionState newElection,
            @Nullable FailoverState newLastFailover,
            @Nullable SwitchoverState newSwitchover) {
        return new ShardState(
                name,
                bornOf,
                clonedFrom,
                retired,
                newTerm,
                newPrimary,
                newBootstrapInstance,
                newSystemIdentifier,
                phase,
                message,
                newConfiguration,
                newElection,
                newLastFailover,
                newSwitchover,
                schema,
                size,
                instances);
    }

    /** The same with what was seen of it replaced. */
    public ShardState seen(
            @Nullable String newPhase,
            @Nullable String newMessage,
            @Nullable FailoverState newLastFailover,
            @Nullable SchemaState newSchema,
            @Nullable SizeState newSize,
            List<InstanceState> newInstances) {
        return new ShardState(
                name,
                bornOf,
                clonedFrom,
                retired,
                term,
                primary,
                bootstrapInstance,
                systemIdentifier,
                newPhase,
                newMessage,
                configuration,
                election,
                newLastFailover,
                switchover,
                newSchema,
                newSize,
                newInstances);
    }
}
