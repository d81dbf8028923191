package io.pgmosaic.operator.plan;

import io.pgmosaic.operator.desired.Ports;
import io.pgmosaic.protocol.instance.DataDirectory;
import io.pgmosaic.protocol.instance.InstanceCommand;
import io.pgmosaic.protocol.instance.InstanceRole;
import io.pgmosaic.protocol.instance.InstanceStatus;
import io.pgmosaic.protocol.instance.PostgresConfiguration;
import io.pgmosaic.protocol.instance.PostgresState.ServerState;
import io.pgmosaic.protocol.instance.Upstream;
import io.pgmosaic.protocol.instance.WalReceiver;

import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Keeps everybody but the primary following it.
 *
 * <pre>
 * fenced by request                          -> stop
 * no data, follows somebody else, or does
 *   not stream                               -> follow(primary), once the primary holds its slot
 * its own files cannot be read, or its log
 *   has a hole that nobody can fill          -> follow(primary), its data replaced
 * runs with another configuration            -> configure(standby)
 * </pre>
 */
final class Standbys {
    /** PostgreSQL's words for a hole in the log that a standby needs. */
    private static final String LOG_IS_GONE = "has already been removed";

    private final ShardFacts facts;
    private final InstanceFacts primary;
    private final InstanceStatus primaryStatus;
    private final String systemIdentifier;
    private final PostgresConfiguration configuration;
    private final boolean slotsAreThere;
    private final List<Finding> findings;
    private final List<InstanceCommand> commands;

    Standbys(
            ShardFacts facts,
            InstanceFacts primary,
            InstanceStatus primaryStatus,
            ShardRecord.Configuration wanted,
            boolean slotsAreThere,
            List<Finding> findings,
            List<InstanceCommand> commands) {
        this.facts = facts;
        this.primary = primary;
        this.primaryStatus = primaryStatus;
        this.systemIdentifier = Objects.requireNonNull(facts.record().systemIdentifier());
        this.configuration = Configurations.standby(facts, wanted);
        this.slotsAreThere = slotsAreThere;
        this.findings = findings;
        this.commands = commands;
    }

    /** Returns how many declared standbys stream from the primary. */
    int keep() {
        int streaming = 0;
        for (InstanceFacts standby : facts.declared()) {
            if (standby.name().equals(primary.name())) {
                continue;
            }
            InstanceStatus status = standby.status();
            if (Fencing.isFenced(facts, standby.name())) {
                fence(standby);
                continue;
            }
            boolean replace = mustBeReplaced(standby);
            Optional<Finding> obstacle = Diagnosis.obstacle(standby, systemIdentifier);
            obstacle.ifPresent(findings::add);
            if (status == null || (obstacle.isPresent() && !replace)) {
                continue;
            }
            boolean streams = primaryStatus.postgres().replicas().stream()
                    .anyMatch(replica ->
                            replica.instance().equals(standby.name()) && SynchronousSets.isStreaming(replica));
            if (streams) {
                streaming++;
            }
            keep(standby, status, streams, replace);
        }
        return streaming;
    }

    private void fence(InstanceFacts standby) {
        findings.add(new Finding(
                Reason.FENCED,
                standby.name(),
                standby.name()
                        + ": is fenced by request and stopped. Remove it from fencing.instances to bring it back"));
        InstanceStatus status = standby.status();
        if (status != null
                && standby.address() != null
                && !standby.isBusy()
                && status.postgres().state() != ServerState.STOPPED) {
            commands.add(new InstanceCommand.Stop(
                    facts.identity().instance(standby.name()), facts.record().term()));
        }
    }

    /** Only said while the primary runs, which holds everything that this instance could be needed for. */
    static boolean mustBeReplaced(InstanceFacts standby) {
        InstanceStatus status = standby.status();
        if (status == null || standby.isBusy()) {
            return false;
        }
        String message = status.postgres().message();
        return status.data().state() == DataDirectory.State.UNREADABLE
                || (status.role() == InstanceRole.STANDBY && message != null && message.contains(LOG_IS_GONE));
    }

    private void keep(InstanceFacts standby, InstanceStatus status, boolean streams, boolean replace) {
        WalReceiver receiver = status.postgres().receiver();
        boolean follows = status.promisedTerm() == facts.record().term()
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
        if (!follows && slotsAreThere) {
            commands.add(follow(standby, primary.address(), replace));
        } else if (follows && !Configurations.isApplied(status, facts.record().term(), configuration)) {
            commands.add(new InstanceCommand.Configure(
                    facts.identity().instance(standby.name()), facts.record().term(), configuration));
        }
    }

    private InstanceCommand follow(InstanceFacts standby, String primaryAddress, boolean replace) {
        return new InstanceCommand.Follow(
                facts.identity().instance(standby.name()),
                facts.record().term(),
                new Upstream(
                        primary.name(),
                        facts.identity().host(primary.name()),
                        primaryAddress,
                        Ports.POSTGRES,
                        Ports.MANAGER),
                Configurations.slot(standby.ordinal()),
                systemIdentifier,
                replace,
                configuration);
    }
}
