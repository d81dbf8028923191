package io.pgmosaic.operator.plan;

import io.pgmosaic.api.v1alpha1.cluster.ReplicationMode;
import io.pgmosaic.protocol.instance.AppliedConfiguration;
import io.pgmosaic.protocol.instance.DataDirectory;
import io.pgmosaic.protocol.instance.InstanceCommand;
import io.pgmosaic.protocol.instance.InstanceRole;
import io.pgmosaic.protocol.instance.InstanceStatus;
import io.pgmosaic.protocol.instance.PostgresConfiguration;
import io.pgmosaic.protocol.instance.ReplicaConnection;
import io.pgmosaic.protocol.instance.Upstream;
import io.pgmosaic.protocol.instance.WalReceiver;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * The stage in which a shard has data: keep its primary running, its standbys following, its configuration as declared.
 *
 * <pre>
 * 1. the recorded primary is not there       -> say so, command nothing
 * 2. its PostgreSQL does not run             -> resume(term)
 * 3. wanted configuration not the recorded   -> record it with the next sequence
 * 4. recorded configuration not the applied  -> configure(primary)
 * 5. a standby has no data, follows somebody
 *    else, or does not stream                -> follow(primary), once the primary holds its slot
 * 6. a standby runs another configuration    -> configure(standby)
 * </pre>
 */
final class Upkeep {
    private final ShardFacts facts;
    private final ShardRecord record;
    private final String systemIdentifier;
    private final List<Finding> findings = new ArrayList<>();
    private final List<InstanceCommand> commands = new ArrayList<>();

    private Upkeep(ShardFacts facts, String systemIdentifier) {
        this.facts = facts;
        this.record = facts.record();
        this.systemIdentifier = systemIdentifier;
    }

    static ShardPlan plan(ShardFacts facts) {
        return new Upkeep(facts, Objects.requireNonNull(facts.record().systemIdentifier())).plan();
    }

    private ShardPlan plan() {
        Optional<InstanceFacts> found = facts.instance(record.primary());
        if (found.isEmpty()) {
            findings.add(new Finding(
                    Reason.WAITING_FOR_PODS, shard(), "the pod of the primary " + record.primary() + " is not there"));
            return planned(record, false);
        }
        InstanceFacts primary = found.get();
        Optional<Finding> obstacle = primaryObstacle(primary);
        obstacle.ifPresent(findings::add);
        if (obstacle.isPresent() || primary.status() == null) {
            for (InstanceFacts standby : standbys(primary)) {
                Diagnosis.obstacle(standby, systemIdentifier).ifPresent(findings::add);
            }
            return planned(record, false);
        }
        return keep(primary, primary.status());
    }

    private Optional<Finding> primaryObstacle(InstanceFacts primary) {
        Optional<Finding> obstacle = Diagnosis.obstacle(primary, systemIdentifier);
        if (obstacle.isPresent()) {
            Finding finding = obstacle.get();
            if (finding.reason() == Reason.WAITING_FOR_INSTANCES) {
                return Optional.of(
                        new Finding(Reason.PRIMARY_UNREACHABLE, finding.subject(), "the primary " + finding.message()));
            }
            return Optional.of(new Finding(
                    finding.reason(),
                    finding.subject(),
                    finding.message()
                            + " (It is the primary, so do not delete its claim: the data may be on it alone)"));
        }
        if (!primary.has(DataDirectory.State.PRESENT)) {
            return Optional.of(new Finding(
                    Reason.VOLUME_LOST,
                    primary.name(),
                    primary.name()
                            + ": was the primary and its volume is empty now; nothing is created on it. Attach the"
                            + " volume that holds the data, or restore a backup"));
        }
        return Optional.empty();
    }

    private ShardPlan keep(InstanceFacts primary, InstanceStatus status) {
        ShardRecord.Configuration wanted = Configurations.recorded(facts, synchronousStandbys(primary, status));
        ShardRecord next = record.withConfiguration(wanted);
        PostgresConfiguration configuration = Configurations.primary(facts, wanted);

        if (!primary.isPrimaryOf(record.term())) {
            resume(primary, status, configuration);
            diagnoseStandbys(primary);
            return planned(next, false);
        }
        boolean applied = Configurations.isApplied(status, record.term(), configuration);
        if (!applied && !primary.isBusy()) {
            Diagnosis.failure(primary).ifPresent(findings::add);
            commands.add(new InstanceCommand.Configure(
                    facts.identity().instance(primary.name()), record.term(), configuration));
        }
        int streaming = keepStandbys(primary, status, wanted, applied);
        boolean writable = streaming >= wanted.acknowledgements();
        describe(status, streaming, writable, applied);
        return planned(next, writable);
    }

    private void resume(InstanceFacts primary, InstanceStatus status, PostgresConfiguration configuration) {
        if (!primary.isRole(InstanceRole.PRIMARY) || status.promisedTerm() != record.term()) {
            findings.add(new Finding(
                    Reason.PRIMARY_UNREACHABLE,
                    primary.name(),
                    primary.name() + ": is recorded as the primary of term " + record.term() + ", its volume says "
                            + status.role() + " in term " + status.promisedTerm()
                            + "; nothing is started. Look at its log and its claim"));
            return;
        }
        Diagnosis.failure(primary).ifPresent(findings::add);
        findings.add(new Finding(
                Reason.STARTING_PRIMARY,
                primary.name(),
                "PostgreSQL of the primary " + primary.name() + " is "
                        + (primary.isBusy() ? "starting" : "to be started")
                        + (status.postgres().message() == null
                                ? ""
                                : "; before: " + status.postgres().message())));
        if (!primary.isBusy()) {
            commands.add(new InstanceCommand.Resume(
                    facts.identity().instance(primary.name()), record.term(), systemIdentifier, configuration));
        }
    }

    /**
     * At the beginning all declared standbys, since nobody writes yet. Later a new one joins when it streams, so that no
     * commit waits for a base backup; one that is no longer declared leaves at once.
     */
    private List<String> synchronousStandbys(InstanceFacts primary, InstanceStatus status) {
        if (facts.spec().replication().mode() == ReplicationMode.ASYNC) {
            return List.of();
        }
        Set<String> joined = new HashSet<>(record.configuration().synchronousStandbys());
        boolean atTheBeginning = joined.isEmpty() && !record.configuration().acceptClients();
        for (ReplicaConnection replica : status.postgres().replicas()) {
            if (isStreaming(replica)) {
                joined.add(replica.instance());
            }
        }
        return standbys(primary).stream()
                .map(InstanceFacts::name)
                .filter(name -> atTheBeginning || joined.contains(name))
                .toList();
    }

    /** Returns how many declared standbys stream from the primary. */
    private int keepStandbys(
            InstanceFacts primary, InstanceStatus status, ShardRecord.Configuration wanted, boolean applied) {
        PostgresConfiguration configuration = Configurations.standby(facts, wanted);
        int streaming = 0;
        for (InstanceFacts standby : standbys(primary)) {
            Optional<Finding> obstacle = Diagnosis.obstacle(standby, systemIdentifier);
            if (obstacle.isPresent() || standby.status() == null) {
                obstacle.ifPresent(findings::add);
                continue;
            }
            boolean streams = status.postgres().replicas().stream()
                    .anyMatch(replica -> replica.instance().equals(standby.name()) && isStreaming(replica));
            if (streams) {
                streaming++;
            }
            keepStandby(primary, standby, standby.status(), streams, configuration, applied);
        }
        return streaming;
    }

    private void keepStandby(
            InstanceFacts primary,
            InstanceFacts standby,
            InstanceStatus status,
            boolean streams,
            PostgresConfiguration configuration,
            boolean slotIsThere) {
        WalReceiver receiver = status.postgres().receiver();
        boolean follows = status.promisedTerm() == record.term()
                && standby.isRole(InstanceRole.STANDBY)
                && standby.runs()
                && receiver != null
                && receiver.streaming()
                && receiver.upstream().equals(primary.name());
        if (!streams || !follows) {
            Diagnosis.failure(standby).ifPresent(findings::add);
            findings.add(new Finding(
                    Reason.STANDBY_DOWN,
                    standby.name(),
                    standby.name() + ": "
                            + (standby.isBusy() && status.operation() != null
                                    ? status.operation().step()
                                    : "does not stream from " + primary.name())));
        }
        if (standby.isBusy() || primary.address() == null) {
            return;
        }
        if (!follows && !slotIsThere) {
            return;
        }
        if (!follows) {
            commands.add(new InstanceCommand.Follow(
                    facts.identity().instance(standby.name()),
                    record.term(),
                    new Upstream(
                            primary.name(), facts.identity().host(primary.name()), primary.address(), POSTGRES_PORT),
                    Configurations.slot(standby.ordinal()),
                    systemIdentifier,
                    configuration));
        } else if (!Configurations.isApplied(status, record.term(), configuration)) {
            commands.add(new InstanceCommand.Configure(
                    facts.identity().instance(standby.name()), record.term(), configuration));
        }
    }

    private void describe(InstanceStatus status, int streaming, boolean writable, boolean applied) {
        int standbys = facts.spec().instancesPerShard() - 1;
        AppliedConfiguration configuration = status.postgres().configuration();
        if (configuration != null && !configuration.pendingRestart().isEmpty()) {
            findings.add(new Finding(
                    Reason.RESTART_PENDING,
                    shard(),
                    "changed, and in effect after a restart: " + String.join(", ", configuration.pendingRestart())));
        }
        if (!writable) {
            findings.add(new Finding(
                    Reason.WAITING_FOR_STANDBYS,
                    shard(),
                    streaming + " of " + standbys + " standbys stream; a commit waits for "
                            + record.configuration().acknowledgements()));
        } else if (!applied) {
            findings.add(new Finding(Reason.CONFIGURING, shard(), "the configuration is being applied"));
        } else if (!record.configuration().acceptClients()) {
            findings.add(new Finding(
                    Reason.SETTING_UP_DATABASE,
                    shard(),
                    "database, roles, initial SQL and guard are being put in place"));
        } else if (streaming == standbys) {
            findings.add(new Finding(
                    Reason.HEALTHY, shard(), record.primary() + " is the primary, " + streaming + " standbys stream"));
        } else {
            findings.add(new Finding(Reason.STANDBY_DOWN, shard(), streaming + " of " + standbys + " standbys stream"));
        }
    }

    private void diagnoseStandbys(InstanceFacts primary) {
        for (InstanceFacts standby : standbys(primary)) {
            Diagnosis.obstacle(standby, systemIdentifier).ifPresent(findings::add);
        }
    }

    private List<InstanceFacts> standbys(InstanceFacts primary) {
        return facts.declared().stream()
                .filter(instance -> !instance.name().equals(primary.name()))
                .toList();
    }

    private ShardPlan planned(ShardRecord next, boolean writable) {
        return new ShardPlan(next, next.equals(record) ? commands : List.of(), replicas(next), writable, findings);
    }

    /** An instance that may still acknowledge commits keeps its pod until the primary no longer waits for it. */
    private int replicas(ShardRecord next) {
        int declared = Math.max(
                facts.spec().instancesPerShard(),
                facts.instance(record.primary()).map(InstanceFacts::ordinal).orElse(0) + 1);
        boolean settled = next.equals(record)
                && facts.instance(record.primary())
                        .map(InstanceFacts::status)
                        .map(status -> status.postgres().configuration())
                        .filter(applied ->
                                applied.sequence() == record.configuration().sequence())
                        .isPresent();
        int present = facts.instances().stream()
                .mapToInt(instance -> instance.ordinal() + 1)
                .max()
                .orElse(declared);
        return settled ? declared : Math.max(declared, present);
    }

    private static boolean isStreaming(ReplicaConnection replica) {
        return "streaming".equals(replica.state());
    }

    private String shard() {
        return facts.identity().shard();
    }

    private static final int POSTGRES_PORT = 5432;
}
