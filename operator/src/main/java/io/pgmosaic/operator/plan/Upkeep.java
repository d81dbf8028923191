package io.pgmosaic.operator.plan;

import io.pgmosaic.api.v1alpha1.cluster.SwitchoverSpec;
import io.pgmosaic.protocol.instance.AppliedConfiguration;
import io.pgmosaic.protocol.instance.DataDirectory;
import io.pgmosaic.protocol.instance.InstanceCommand;
import io.pgmosaic.protocol.instance.InstanceRole;
import io.pgmosaic.protocol.instance.InstanceStatus;
import io.pgmosaic.protocol.instance.PostgresConfiguration;
import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * The stage in which the shard's term has its primary: make it one, keep it running, its standbys following, its
 * configuration as declared.
 *
 * <pre>
 * 1. the recorded primary is not there       -> say so, command nothing
 * 2. it was appointed and is a standby still -> promote(term)
 *    its PostgreSQL does not run             -> resume(term)
 * 3. wanted configuration not the recorded   -> record it with the next sequence; see {@link SynchronousSets}
 * 4. recorded configuration not the applied  -> configure(primary)
 * 5. it is closed and enough standbys hold
 *    its log                                 -> open(primary)
 * 6. each standby                            -> {@link Standbys}
 * 7. a switchover is due and safe            -> begin it, see {@link Handover}
 * 8. an instance has to be restarted         -> one at a time, see {@link RollingChange}
 * </pre>
 */
final class Upkeep {
    private final ShardFacts facts;
    private final ShardRecord record;
    private final String systemIdentifier;
    private final Optional<Suspicion> suspicion;
    private final List<Finding> findings = new ArrayList<>();
    private final List<InstanceCommand> commands = new ArrayList<>();

    private Upkeep(ShardFacts facts, Optional<Suspicion> suspicion) {
        this.facts = facts;
        this.record = facts.record();
        this.systemIdentifier = Objects.requireNonNull(record.systemIdentifier());
        this.suspicion = suspicion;
    }

    /**
     * @param suspicion of the primary, when no election could succeed now
     */
    static ShardPlan plan(ShardFacts facts, Optional<Suspicion> suspicion) {
        return new Upkeep(facts, suspicion).plan();
    }

    /** The primary is lost and can be replaced: a new term is taken. */
    static ShardPlan failingOver(ShardFacts facts, Suspicion suspicion) {
        Upkeep upkeep = new Upkeep(facts, Optional.empty());
        ShardRecord begun = Election.begun(facts, suspicion);
        upkeep.findings.add(new Finding(
                Reason.FAILING_OVER,
                upkeep.shard(),
                suspicion.message() + "; term " + begun.term() + " is taken to find another primary"));
        return upkeep.planned(begun, false);
    }

    private ShardPlan plan() {
        Optional<InstanceFacts> found = facts.instance(record.primary());
        if (found.isEmpty()) {
            findings.add(new Finding(
                    Reason.WAITING_FOR_PODS, shard(), "the pod of the primary " + record.primary() + " is not there"));
            addSuspicion();
            return planned(record, false);
        }
        InstanceFacts primary = found.get();
        Optional<Finding> obstacle = primaryObstacle(primary);
        obstacle.ifPresent(findings::add);
        addSuspicion();
        if (obstacle.isPresent() || primary.status() == null) {
            for (InstanceFacts standby : facts.others()) {
                Diagnosis.obstacle(standby, systemIdentifier).ifPresent(findings::add);
            }
            return planned(record, false);
        }
        return primary.isPrimaryOf(record.term()) ? keep(primary, primary.status()) : bring(primary, primary.status());
    }

    private void addSuspicion() {
        suspicion.ifPresent(suspected -> findings.add(new Finding(
                Reason.FAILOVER_BLOCKED,
                shard(),
                suspected.message() + ". No other instance can be appointed: the standbys that answer do not suffice to"
                        + " find every acknowledged commit among them")));
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

    // ---- 2. make it the primary ----------------------------------------------------------------------------------

    private ShardPlan bring(InstanceFacts primary, InstanceStatus status) {
        boolean first = record.configuration().sequence() == 0;
        ShardRecord.Configuration wanted = Configurations.recorded(
                facts,
                first
                        ? SynchronousSets.wanted(facts, status)
                        : record.configuration().synchronous());
        PostgresConfiguration configuration = Configurations.primary(facts, wanted);
        for (InstanceFacts standby : facts.others()) {
            Diagnosis.obstacle(standby, systemIdentifier).ifPresent(findings::add);
        }
        boolean promised = status.promisedTerm() == record.term();
        if (promised && primary.isRole(InstanceRole.STANDBY)) {
            promote(primary, status, configuration);
        } else if (promised && primary.isRole(InstanceRole.PRIMARY)) {
            resume(primary, status, configuration);
        } else {
            findings.add(new Finding(
                    Reason.PRIMARY_UNREACHABLE,
                    primary.name(),
                    primary.name() + ": is recorded as the primary of term " + record.term() + ", its volume says "
                            + status.role() + " in term " + status.promisedTerm()
                            + "; nothing is started. Look at its log and its claim"));
        }
        return planned(record.withConfiguration(wanted), false);
    }

    private void promote(InstanceFacts primary, InstanceStatus status, PostgresConfiguration configuration) {
        Diagnosis.failure(primary).ifPresent(findings::add);
        findings.add(new Finding(
                Reason.FAILING_OVER,
                primary.name(),
                primary.name() + " was appointed the primary of term " + record.term() + " and is being promoted"
                        + progress(status)));
        if (!primary.isBusy()) {
            commands.add(new InstanceCommand.Promote(
                    facts.identity().instance(primary.name()), record.term(), systemIdentifier, configuration));
        }
    }

    private void resume(InstanceFacts primary, InstanceStatus status, PostgresConfiguration configuration) {
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

    private static String progress(InstanceStatus status) {
        return status.operation() == null ? "" : " (" + status.operation().step() + ")";
    }

    // ---- 3. to 5. its configuration --------------------------------------------------------------------------------

    private ShardPlan keep(InstanceFacts primary, InstanceStatus status) {
        ShardRecord.Configuration wanted = opensAsItIs(status)
                ? record.configuration()
                : Configurations.recorded(facts, SynchronousSets.wanted(facts, status));
        if (wanted.equals(record.configuration())
                && !wanted.earlier().isEmpty()
                && SynchronousSets.isConfirmed(facts, wanted, status)) {
            wanted = wanted.withoutEarlier();
        }
        PostgresConfiguration configuration = Configurations.primary(facts, wanted);
        boolean applied = Configurations.isApplied(status, record.term(), configuration);
        if (applied) {
            wanted = wanted.withoutEarlierLeases();
        }
        Standbys standbys = new Standbys(facts, primary, status, wanted, applied, findings, commands);
        int streaming = standbys.keep();
        boolean takesWrites = streaming >= wanted.synchronous().acknowledgements();
        boolean open = status.postgres().open();
        if (!primary.isBusy()) {
            command(primary, status, configuration, applied, open).ifPresent(commands::add);
        }
        describe(status, streaming, takesWrites, applied, open);
        ShardRecord next = record.withConfiguration(wanted);
        if (!next.equals(record) || !takesWrites || !open) {
            return planned(next, takesWrites);
        }
        return handOver(primary, status)
                .map(handedOver -> planned(handedOver, takesWrites))
                .orElseGet(() -> restart(primary, status, takesWrites));
    }

    /** Applications wait for a new primary: what is to change in its configuration can wait until it is open. */
    private boolean opensAsItIs(InstanceStatus status) {
        return !status.postgres().open()
                && mayOpen(status)
                && Configurations.isApplied(
                        status, record.term(), Configurations.primary(facts, record.configuration()));
    }

    private Optional<InstanceCommand> command(
            InstanceFacts primary,
            InstanceStatus status,
            PostgresConfiguration configuration,
            boolean applied,
            boolean open) {
        var target = facts.identity().instance(primary.name());
        if (open && Fencing.isShardFenced(facts)) {
            return Optional.of(new InstanceCommand.Close(target, record.term()));
        }
        if (!applied) {
            Diagnosis.failure(primary).ifPresent(findings::add);
            return Optional.of(new InstanceCommand.Configure(target, record.term(), configuration));
        }
        Instant startedAt = status.postgres().startedAt();
        if (!open && startedAt != null && mayOpen(status)) {
            return Optional.of(new InstanceCommand.Open(target, record.term(), startedAt));
        }
        return Optional.empty();
    }

    /**
     * What is visible must not vanish: enough standbys have all of the primary's log. After a failover that may have lost the
     * last changes the database, with the guard in it, is looked at first.
     */
    private boolean mayOpen(InstanceStatus status) {
        boolean mayLack = record.lastFailover() != null
                && record.lastFailover().term() == record.term()
                && !Objects.equals(record.lastFailover().dataLossBound(), 0L);
        return record.configuration().acceptClients()
                && !Fencing.isShardFenced(facts)
                && SynchronousSets.confirms(
                        record.configuration().synchronous(),
                        status,
                        status.postgres().writtenLsn())
                && (!mayLack || facts.databaseReady());
    }

    private void describe(InstanceStatus status, int streaming, boolean takesWrites, boolean applied, boolean open) {
        int standbys = facts.spec().instancesPerShard() - 1;
        AppliedConfiguration configuration = status.postgres().configuration();
        if (configuration != null && !configuration.pendingRestart().isEmpty()) {
            findings.add(new Finding(
                    Reason.RESTART_PENDING,
                    shard(),
                    "changed, and in effect after a restart: " + String.join(", ", configuration.pendingRestart())));
        }
        SynchronousSet synchronous = record.configuration().synchronous();
        if (record.configuration().acceptClients()
                && synchronous.acknowledgements() < Math.min(facts.acknowledgements(), standbys)) {
            findings.add(new Finding(
                    Reason.DURABILITY_REDUCED,
                    shard(),
                    "commits wait for " + synchronous.acknowledgements() + " standbys instead of "
                            + facts.acknowledgements()
                            + ", since no more stream; what the primary alone holds is lost if"
                            + " it is lost now"));
        }
        if (Fencing.isShardFenced(facts)) {
            findings.add(new Finding(
                    Reason.FENCED,
                    shard(),
                    "the shard is fenced by request: its primary " + record.primary()
                            + " keeps applications out. Remove it from fencing.shards to open it"));
        }
        if (!takesWrites) {
            findings.add(new Finding(
                    Reason.WAITING_FOR_STANDBYS,
                    shard(),
                    streaming + " of " + standbys + " standbys stream; a commit waits for "
                            + synchronous.acknowledgements()));
        } else if (!applied) {
            findings.add(new Finding(Reason.CONFIGURING, shard(), "the configuration is being applied"));
        } else if (!record.configuration().acceptClients()) {
            findings.add(new Finding(
                    Reason.SETTING_UP_DATABASE,
                    shard(),
                    "database, roles, initial SQL and guard are being put in place"));
        } else if (!open && !Fencing.isShardFenced(facts)) {
            findings.add(new Finding(
                    Reason.OPENING,
                    shard(),
                    record.primary() + " is the primary of term " + record.term() + " and opens once "
                            + synchronous.acknowledgements() + " standbys have all of its log"));
        } else if (streaming == standbys) {
            findings.add(new Finding(
                    Reason.HEALTHY, shard(), record.primary() + " is the primary, " + streaming + " standbys stream"));
        } else {
            findings.add(new Finding(Reason.STANDBY_DOWN, shard(), streaming + " of " + standbys + " standbys stream"));
        }
    }

    // ---- 7. hand over, 8. restart
    // ------------------------------------------------------------------------------------

    /** The record that begins a switchover or says what became of the request for one; empty when nothing changes. */
    private Optional<ShardRecord> handOver(InstanceFacts primary, InstanceStatus status) {
        Optional<SwitchoverSpec> asked = Handover.request(facts);
        if (asked.isPresent()) {
            Optional<ShardRecord> answered = answer(asked.get(), primary, status);
            if (answered.isPresent()) {
                return answered;
            }
        }
        return Handover.ofNeed(facts, primary, status).map(handover -> {
            findings.add(new Finding(Reason.FAILING_OVER, shard(), handover.message()));
            return Election.begun(facts, handover);
        });
    }

    private Optional<ShardRecord> answer(SwitchoverSpec asked, InstanceFacts primary, InstanceStatus status) {
        if (asked.to().equals(primary.name())) {
            return Optional.of(record.withSwitchover(
                    outcome(asked, SwitchoverOutcome.State.DONE, asked.to() + " was the primary already")));
        }
        String unsafe = Handover.unsafe(facts, status, asked.to());
        if (unsafe != null) {
            findings.add(new Finding(
                    Reason.SWITCHOVER_REFUSED,
                    shard(),
                    "the switchover to " + asked.to() + " is refused for now: " + unsafe
                            + "; it is done once it is safe, or remove it from spec.switchover"));
            SwitchoverOutcome refused =
                    outcome(asked, SwitchoverOutcome.State.REFUSED, "not safe now; the shard's message says why");
            return refused.equals(record.switchover()) ? Optional.empty() : Optional.of(record.withSwitchover(refused));
        }
        String message = "switchover to " + asked.to() + " by request";
        findings.add(new Finding(Reason.FAILING_OVER, shard(), message));
        return Optional.of(Election.begun(facts, new Handover("Requested", message, asked.to()))
                .withSwitchover(outcome(asked, SwitchoverOutcome.State.RUNNING, "in term " + (record.term() + 1))));
    }

    private static SwitchoverOutcome outcome(SwitchoverSpec asked, SwitchoverOutcome.State state, String message) {
        return new SwitchoverOutcome(asked.to(), asked.request(), state, message);
    }

    private ShardPlan restart(InstanceFacts primary, InstanceStatus status, boolean takesWrites) {
        @Nullable
        String restart = RollingChange.nextStandby(facts, primary, status)
                .map(instance -> {
                    findings.add(new Finding(
                            Reason.ROLLING_CHANGE,
                            instance.name(),
                            instance.name() + " is restarted: "
                                    + RollingChange.need(instance).orElse("it is its turn")));
                    return instance.name();
                })
                .orElse(null);
        ShardPlan plan = planned(record, takesWrites);
        return new ShardPlan(
                plan.record(), plan.commands(), restart, plan.replicas(), plan.databaseReachable(), findings);
    }

    // ---- the plan
    // ------------------------------------------------------------------------------------------------------

    private ShardPlan planned(ShardRecord next, boolean takesWrites) {
        return new ShardPlan(next, next.equals(record) ? commands : List.of(), replicas(next), takesWrites, findings);
    }

    /** An instance that may still be needed to find an acknowledged commit keeps its pod. */
    private int replicas(ShardRecord next) {
        int declared = Math.max(
                facts.spec().instancesPerShard(),
                facts.instance(record.primary()).map(InstanceFacts::ordinal).orElse(0) + 1);
        boolean settled = next.equals(record)
                && record.configuration().earlier().isEmpty()
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

    private String shard() {
        return facts.identity().shard();
    }
}
