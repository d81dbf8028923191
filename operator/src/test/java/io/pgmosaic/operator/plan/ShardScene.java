package io.pgmosaic.operator.plan;

import io.fabric8.kubernetes.api.model.ResourceRequirements;
import io.pgmosaic.api.v1alpha1.cluster.CredentialsSpec;
import io.pgmosaic.api.v1alpha1.cluster.Durability;
import io.pgmosaic.api.v1alpha1.cluster.FailoverSpec;
import io.pgmosaic.api.v1alpha1.cluster.FencingSpec;
import io.pgmosaic.api.v1alpha1.cluster.InitSqlSpec;
import io.pgmosaic.api.v1alpha1.cluster.PostgresSpec;
import io.pgmosaic.api.v1alpha1.cluster.QuorumMethod;
import io.pgmosaic.api.v1alpha1.cluster.ReplicationMode;
import io.pgmosaic.api.v1alpha1.cluster.ReplicationSpec;
import io.pgmosaic.api.v1alpha1.cluster.RoutingSpec;
import io.pgmosaic.api.v1alpha1.cluster.SchedulingSpec;
import io.pgmosaic.api.v1alpha1.cluster.SchemaDriftSpec;
import io.pgmosaic.api.v1alpha1.cluster.ShardedClusterSpec;
import io.pgmosaic.api.v1alpha1.cluster.ShardingSpec;
import io.pgmosaic.api.v1alpha1.cluster.ShardsSpec;
import io.pgmosaic.api.v1alpha1.cluster.StorageSpec;
import io.pgmosaic.api.v1alpha1.cluster.SwitchoverSpec;
import io.pgmosaic.api.v1alpha1.cluster.TlsSpec;
import io.pgmosaic.api.v1alpha1.cluster.UpdateSpec;
import io.pgmosaic.api.v1alpha1.cluster.VolumePolicy;
import io.pgmosaic.protocol.Lsn;
import io.pgmosaic.protocol.instance.AppliedConfiguration;
import io.pgmosaic.protocol.instance.ConfigurationFingerprint;
import io.pgmosaic.protocol.instance.DataDirectory;
import io.pgmosaic.protocol.instance.InstanceCommand;
import io.pgmosaic.protocol.instance.InstanceIdentity;
import io.pgmosaic.protocol.instance.InstanceRole;
import io.pgmosaic.protocol.instance.InstanceStatus;
import io.pgmosaic.protocol.instance.LogPosition;
import io.pgmosaic.protocol.instance.Operation;
import io.pgmosaic.protocol.instance.PostgresConfiguration;
import io.pgmosaic.protocol.instance.PostgresState;
import io.pgmosaic.protocol.instance.ReplicaConnection;
import io.pgmosaic.protocol.instance.UpstreamContact;
import io.pgmosaic.protocol.instance.WalReceiver;
import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A shard in memory that does what it is told at once: instances with volumes, which take the planner's commands as real
 * managers do. Faults are set on it by hand.
 */
final class ShardScene {
    static final String SYSTEM = "7300000000000000001";
    static final ShardIdentity IDENTITY = new ShardIdentity("shop", "orders", "uid-1", "s0");

    /** One instance. */
    final class Instance {
        final String name;
        final int ordinal;
        boolean reachable = true;
        boolean volumePredatesCluster;

        @Nullable
        String refusal;

        @Nullable
        String podProblem;

        DataDirectory.State data = DataDirectory.State.EMPTY;

        @Nullable
        String systemIdentifier;

        @Nullable
        InstanceIdentity storedIdentity;

        long promised;
        InstanceRole role = InstanceRole.NONE;
        boolean runs;
        boolean open;
        boolean podEnded;
        boolean outdated;
        /** Parameters that take effect after a restart. */
        List<String> pendingRestart = List.of();
        /** Also while the operator cannot reach the upstream. */
        boolean hearsUpstream;

        long timeline = 1;
        Lsn logEnd = Lsn.ZERO;
        Duration silentFor = Duration.ofSeconds(60);
        Duration notRunningFor = Duration.ZERO;
        Duration promisedFor = Duration.ZERO;
        Duration notStreamingFor = Duration.ZERO;

        @Nullable
        LogPosition lastWritten;

        @Nullable
        String leaving;

        @Nullable
        String upstream;

        /** An upstream of another shard, from which it streams. */
        @Nullable
        String streamsFrom;

        @Nullable
        Operation operation;

        @Nullable
        PostgresConfiguration configuration;

        Instance(int ordinal) {
            this.ordinal = ordinal;
            this.name = "orders-s0-" + ordinal;
        }

        void holds(String system, InstanceRole asRole, long term) {
            data = DataDirectory.State.PRESENT;
            systemIdentifier = system;
            role = asRole;
            promised = term;
            storedIdentity = IDENTITY.instance(name);
        }

        private boolean isDetached() {
            return data == DataDirectory.State.PRESENT && role == InstanceRole.STANDBY && runs && upstream == null;
        }

        InstanceFacts facts() {
            return new InstanceFacts(
                    name,
                    ordinal,
                    new InstanceFacts.PodFacts("127.0.0." + (ordinal + 1), podProblem, podEnded, leaving, outdated),
                    volumePredatesCluster,
                    reachable ? status() : null,
                    new InstanceFacts.Contact(
                            reachable ? null : "connection refused",
                            reachable ? null : silentFor,
                            false,
                            reachable && !runs ? notRunningFor : null,
                            promisedFor,
                            lastWritten,
                            isStreaming() ? null : notStreamingFor),
                    refusal);
        }

        private boolean hears() {
            Instance source = upstream == null ? null : instances.get(upstream);
            return source != null && source.runs && (source.reachable || hearsUpstream);
        }

        private boolean isStreaming() {
            Instance source = upstream == null ? null : instances.get(upstream);
            boolean ofAnother = upstream != null && upstream.equals(streamsFrom);
            return runs && (ofAnother || (source != null && source.runs && source.role == InstanceRole.PRIMARY));
        }

        private InstanceStatus status() {
            boolean primary = role == InstanceRole.PRIMARY && runs;
            List<ReplicaConnection> replicas = primary
                    ? instances.values().stream()
                            .filter(other -> other.runs && name.equals(other.upstream))
                            .map(other -> new ReplicaConnection(
                                    other.name, "streaming", "quorum", other.logEnd, other.logEnd, other.logEnd, 0L))
                            .toList()
                    : List.of();
            return new InstanceStatus(
                    IDENTITY.instance(name),
                    "boot",
                    "test",
                    15,
                    promised,
                    role,
                    new DataDirectory(data, systemIdentifier, 15, storedIdentity, null),
                    new PostgresState(
                            runs ? PostgresState.ServerState.RUNNING : PostgresState.ServerState.STOPPED,
                            runs ? promised : 0,
                            timeline,
                            logEnd,
                            logEnd,
                            0L,
                            upstream == null ? null : new WalReceiver(upstream, isStreaming(), Lsn.ZERO, 0L),
                            replicas,
                            runs && (primary ? open : configuration != null && configuration.acceptClients()),
                            runs ? applied() : null,
                            1L,
                            Instant.EPOCH,
                            null),
                    isDetached() ? new LogPosition(timeline, logEnd) : null,
                    upstream == null ? null : new UpstreamContact(upstream, hears() ? 100L : 60_000L, false),
                    null,
                    operation,
                    1,
                    1,
                    0,
                    Instant.EPOCH);
        }

        private @Nullable AppliedConfiguration applied() {
            return configuration == null
                    ? null
                    : new AppliedConfiguration(
                            promised,
                            configuration.sequence(),
                            ConfigurationFingerprint.of(configuration),
                            configuration.synchronousStandbyNames(),
                            configuration.acceptClients(),
                            logEnd,
                            pendingRestart);
        }

        private void take(InstanceCommand command) {
            promised = Math.max(promised, command.term());
            switch (command) {
                case InstanceCommand.Bootstrap bootstrap -> {
                    if (data != DataDirectory.State.EMPTY) {
                        throw new AssertionError("bootstrap on a volume with data");
                    }
                    holds(SYSTEM, InstanceRole.PRIMARY, bootstrap.term());
                    runs = true;
                    configuration = bootstrap.configuration();
                    bootstraps++;
                }
                case InstanceCommand.Follow follow -> {
                    Instance source = instances.get(follow.upstream().instance());
                    holds(follow.systemIdentifier(), InstanceRole.STANDBY, follow.term());
                    upstream = follow.upstream().instance();
                    runs = true;
                    open = false;
                    configuration = follow.configuration();
                    if (source != null) {
                        timeline = source.timeline;
                        logEnd = source.logEnd;
                    }
                }
                case InstanceCommand.Resume resume -> {
                    runs = true;
                    open = false;
                    configuration = resume.configuration();
                }
                case InstanceCommand.Configure configure -> configuration = configure.configuration();
                case InstanceCommand.Revoke revoke -> {
                    upstream = null;
                    open = false;
                    if (data == DataDirectory.State.PRESENT) {
                        role = InstanceRole.STANDBY;
                        runs = true;
                    }
                }
                case InstanceCommand.Promote promote -> {
                    role = InstanceRole.PRIMARY;
                    timeline = promote.term();
                    configuration = promote.configuration();
                    open = false;
                }
                case InstanceCommand.Open opened -> open = true;
                case InstanceCommand.Close closed -> open = false;
                case InstanceCommand.Stop stop -> runs = false;
            }
        }
    }

    final Map<String, Instance> instances = new LinkedHashMap<>();
    ShardRecord record = ShardRecord.unknown("s0");
    CloneFacts clones = CloneFacts.none();
    boolean databaseReady;
    int bootstraps;
    int declared;
    ReplicationSpec replication =
            new ReplicationSpec(ReplicationMode.SEMI_SYNC, null, Durability.REQUIRED, QuorumMethod.ANY);
    Map<String, String> parameters = new TreeMap<>();
    List<SwitchoverSpec> switchover = List.of();
    FailoverSpec failover = FailoverSpec.defaults();
    FencingSpec fencing = FencingSpec.none();
    boolean oldPrimaryStopped;
    boolean mayRestart = true;
    Instant now = Instant.parse("2026-01-01T00:00:00Z");

    ShardScene(int declared) {
        this.declared = declared;
        for (int i = 0; i < declared; i++) {
            add(i);
        }
    }

    Instance add(int ordinal) {
        Instance instance = new Instance(ordinal);
        instances.put(instance.name, instance);
        return instance;
    }

    Instance instance(int ordinal) {
        return java.util.Objects.requireNonNull(instances.get("orders-s0-" + ordinal));
    }

    ShardFacts facts() {
        ShardedClusterSpec spec = new ShardedClusterSpec(
                new PostgresSpec(15, null, parameters),
                "app",
                "app",
                new ShardsSpec(1, List.of()),
                declared,
                replication,
                ShardingSpec.defaults(),
                new StorageSpec("1Gi", null, VolumePolicy.RETAIN),
                new ResourceRequirements(),
                SchedulingSpec.defaults(),
                failover,
                RoutingSpec.defaults(),
                TlsSpec.defaults(),
                CredentialsSpec.defaults(),
                InitSqlSpec.none(),
                switchover,
                fencing,
                UpdateSpec.defaults(),
                SchemaDriftSpec.defaults());
        return new ShardFacts(
                IDENTITY,
                spec,
                record,
                instances.values().stream().map(Instance::facts).toList(),
                databaseReady,
                oldPrimaryStopped,
                mayRestart,
                now,
                clones);
    }

    ShardPlan plan() {
        return ShardPlanner.plan(facts());
    }

    /** One pass: stores the record, and carries out the commands that the stored record backs. */
    ShardPlan pass() {
        ShardPlan plan = plan();
        if (plan.databaseReachable()) {
            databaseReady = true;
        }
        if (!plan.record().equals(record)) {
            if (!plan.commands().isEmpty()) {
                throw new AssertionError("commands beside a record that is not stored yet: " + plan);
            }
            record = plan.record();
            return plan;
        }
        for (InstanceCommand command : new ArrayList<>(plan.commands())) {
            Instance target = instances.get(command.target().instance());
            if (target != null && target.reachable) {
                target.take(command);
            }
        }
        return plan;
    }

    /** Passes until nothing changes any more. */
    ShardPlan settle() {
        for (int i = 0; i < 50; i++) {
            ShardPlan plan = pass();
            if (plan.commands().isEmpty() && plan.record().equals(record) && plan().equals(plan)) {
                return plan;
            }
        }
        throw new AssertionError("does not settle: " + plan());
    }
}
