package io.pgmosaic.api.v1alpha1.cluster;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import io.pgmosaic.api.v1alpha1.common.ApiValue;
import io.pgmosaic.api.v1alpha1.common.Patterns;

import java.util.List;
import java.util.Map;

/** What a person wants a sharded cluster to be. Defaults are filled in here as well, so that they hold without an API server's defaulting. */
@ValidationRule(
        value = "self.database == oldSelf.database",
        message = "database cannot be changed: write the name that the cluster was created with")
@ValidationRule(
        value = "self.owner == oldSelf.owner",
        message = "owner cannot be changed: write the role that the cluster was created with")
@ValidationRule(
        value = "!(self.database in ['postgres', 'template0', 'template1'])",
        message = "database: postgres, template0 and template1 belong to PostgreSQL: write another name, such as app")
@ValidationRule(
        value =
                "!(self.owner in ['postgres', 'public', 'none']) && !self.owner.startsWith('pg_') && !self.owner.startsWith('mosaic_')",
        message =
                "owner: postgres, public, none, pg_* and mosaic_* belong to PostgreSQL and to PgMosaic: write another name, such as app")
@ValidationRule(
        value =
                "self.replication.mode == 'Async' || self.replication.mode == 'Sync' || !has(self.replication.acknowledgements) || self.replication.acknowledgements < self.instancesPerShard",
        message =
                "replication.acknowledgements is more than there are standbys (instancesPerShard - 1): write a lower number or more instances")
@ValidationRule(
        value =
                "self.replication.mode != 'Sync' || !has(self.replication.acknowledgements) || self.replication.acknowledgements == self.instancesPerShard - 1",
        message =
                "replication.acknowledgements: mode Sync waits for all standbys (instancesPerShard - 1): remove the number, or write mode Quorum")
@ValidationRule(
        value =
                "self.replication.mode == 'Async' || self.replication.durability == 'Preferred' || self.instancesPerShard > 1",
        message =
                "instancesPerShard is 1, so there is no standby to acknowledge a commit: write replication.mode Async, or 2 or more instances")
@ValidationRule(
        value =
                "!has(self.sharding.overrides) || !has(self.shards.names) || self.sharding.overrides.all(o, o.shard in self.shards.names)",
        message = "sharding.overrides: a shard is not in shards.names: write one that is")
@ValidationRule(
        value =
                "!has(self.sharding.overrides) || !has(self.shards.count) || self.sharding.overrides.all(o, o.shard.matches('^s(0|[1-9][0-9]{0,2})$') && int(o.shard.substring(1)) < self.shards.count)",
        message = "sharding.overrides: a shard does not exist: write one of s0 to s(count - 1)")
@ValidationRule(
        value =
                "!has(self.switchover) || self.switchover.all(s, int(s.to.substring(size(s.to) - 1)) < self.instancesPerShard)",
        message =
                "switchover.to: an instance does not exist: write one whose number is from 0 to instancesPerShard - 1")
@ValidationRule(
        value =
                "!has(self.fencing) || !has(self.fencing.instances) || self.fencing.instances.all(i, int(i.substring(size(i) - 1)) < self.instancesPerShard)",
        message =
                "fencing.instances: an instance does not exist: write one whose number is from 0 to instancesPerShard - 1")
@ApiValue
public record ShardedClusterSpec(
        @JsonPropertyDescription("Which PostgreSQL, and with which settings.") @Required
        PostgresSpec postgres,

        @JsonPropertyDescription("Name of the database that every shard has. It cannot be changed.")
        @Default("app")
        @Pattern(Patterns.SQL_IDENTIFIER)
        @Size(min = 1, max = Patterns.SQL_IDENTIFIER_LENGTH)
        String database,

        @JsonPropertyDescription("Role that owns the database, with which applications connect. It cannot be changed.")
        @Default("app")
        @Pattern(Patterns.SQL_IDENTIFIER)
        @Size(min = 1, max = Patterns.SQL_IDENTIFIER_LENGTH)
        String owner,

        @JsonPropertyDescription("How many shards, or which.") @Required
        ShardsSpec shards,

        @JsonPropertyDescription("PostgreSQL instances of each shard: one primary, the others standbys.")
        @Default("3")
        @Min(1)
        @Max(9)
        Integer instancesPerShard,

        @JsonPropertyDescription("What a commit waits for.") @Default("{}")
        ReplicationSpec replication,

        @JsonPropertyDescription("Which rows live on which shard.") @Default("{}")
        ShardingSpec sharding,

        @JsonPropertyDescription("The volume of each instance.") @Required
        StorageSpec storage,

        @JsonPropertyDescription(
                "CPU and memory of the database container, as in a pod. The default, requests of 100m and 256Mi, is for trying things; a database that requests nothing gets next to nothing on a busy node.")
        @Default("{\"requests\":{\"cpu\":\"100m\",\"memory\":\"256Mi\"}}")
        ResourceRequirements resources,

        @JsonPropertyDescription("On which nodes the database pods may run.") @Default("{}")
        SchedulingSpec scheduling,

        @JsonPropertyDescription("When a primary counts as lost, and what may be lost with it.") @Default("{}")
        FailoverSpec failover,

        @JsonPropertyDescription("What routers may answer.") @Default("{}")
        RoutingSpec routing,

        @JsonPropertyDescription("Lifetimes of the certificates that the operator issues.") @Default("{}")
        TlsSpec tls,

        @JsonPropertyDescription("Secrets with passwords that you provide; absent ones are generated.")
        CredentialsSpec credentials,

        @JsonPropertyDescription("SQL that every shard runs once when it is created.")
        InitSqlSpec initSql,

        @JsonPropertyDescription(
                "Instances that shall become primary, one a shard at most. Each is done once, when it is safe; it may stay here afterwards.")
        @Size(max = 256)
        List<SwitchoverSpec> switchover,

        @JsonPropertyDescription("Instances and shards that are kept out of service for as long as they are listed.")
        FencingSpec fencing,

        @JsonPropertyDescription("How changes that need a restart are rolled out.") @Default("{}")
        UpdateSpec update,

        @JsonPropertyDescription("When it is looked whether all shards have the same schema.") @Default("{}")
        SchemaDriftSpec schemaDrift) {

    public static final String DEFAULT_DATABASE = "app";
    public static final String DEFAULT_OWNER = "app";
    public static final int DEFAULT_INSTANCES_PER_SHARD = 3;

    public ShardedClusterSpec {
        postgres = postgres == null ? new PostgresSpec(0, null, Map.of()) : postgres;
        database = database == null ? DEFAULT_DATABASE : database;
        owner = owner == null ? DEFAULT_OWNER : owner;
        shards = shards == null ? new ShardsSpec(null, List.of()) : shards;
        instancesPerShard = instancesPerShard == null ? DEFAULT_INSTANCES_PER_SHARD : instancesPerShard;
        replication = replication == null ? ReplicationSpec.defaults() : replication;
        sharding = sharding == null ? ShardingSpec.defaults() : sharding;
        storage = storage == null ? new StorageSpec("", null, VolumePolicy.RETAIN) : storage;
        resources = resources == null ? new ResourceRequirements() : resources;
        scheduling = scheduling == null ? SchedulingSpec.defaults() : scheduling;
        failover = failover == null ? FailoverSpec.defaults() : failover;
        routing = routing == null ? RoutingSpec.defaults() : routing;
        tls = tls == null ? TlsSpec.defaults() : tls;
        credentials = credentials == null ? CredentialsSpec.defaults() : credentials;
        initSql = initSql == null ? InitSqlSpec.none() : initSql;
        switchover = switchover == null ? List.of() : List.copyOf(switchover);
        fencing = fencing == null ? FencingSpec.none() : fencing;
        update = update == null ? UpdateSpec.defaults() : update;
        schemaDrift = schemaDrift == null ? SchemaDriftSpec.defaults() : schemaDrift;
    }

    /** Standbys that must acknowledge a commit. */
    public int acknowledgements() {
        return replication.acknowledgementsAmong(instancesPerShard);
    }
}
