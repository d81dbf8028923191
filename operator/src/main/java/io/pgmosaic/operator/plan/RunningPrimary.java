package io.pgmosaic.operator.plan;

import io.pgmosaic.protocol.instance.InstanceCommand;
import io.pgmosaic.protocol.instance.InstanceStatus;
import io.pgmosaic.protocol.instance.PostgresConfiguration;
import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/**
 * Decides what a primary that runs in the term on record is told, and when what: one thing at a time, each only when those
 * before it are as they should be.
 *
 * <pre>
 * 3. wanted configuration not the recorded   -> record it with the next sequence; see {@link SynchronousSets}
 * 4. recorded configuration not the applied  -> configure(primary)
 * 5. it is closed and enough standbys hold
 *    its log                                 -> open(primary)
 * 6. each standby                            -> {@link Standbys}
 * 7. a switchover is due and safe            -> begin it, see {@link HandingOver}
 * 8. an instance has to be restarted         -> one at a time, see {@link RollingChange}
 * </pre>
 */
final class RunningPrimary {
    private final ShardFacts facts;
    private final ShardRecord record;
    private final InstanceFacts primary;
    private final InstanceStatus status;
    private final Draft draft;

    RunningPrimary(ShardFacts facts, InstanceFacts primary, InstanceStatus status, Draft draft) {
        this.facts = facts;
        this.record = facts.record();
        this.primary = primary;
        this.status = status;
        this.draft = draft;
    }

    ShardPlan plan() {
        ShardRecord.Configuration wanted = opensAsItIs()
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
        Standbys standbys = new Standbys(facts, primary, status, wanted, applied, draft.findings(), draft.commands());
        int streaming = standbys.keep();
        boolean takesWrites = streaming >= wanted.synchronous().acknowledgements();
        boolean open = status.postgres().open();
        if (!primary.isBusy()) {
            command(configuration, applied).ifPresent(draft.commands()::add);
        }
        new ShardDescription(facts, status, streaming, takesWrites, applied).tell(draft);
        ShardRecord next = record.withConfiguration(wanted);
        if (!next.equals(record) || !takesWrites || !open) {
            return draft.plan(next, takesWrites);
        }
        return new HandingOver(facts, primary, status, draft)
                .begun()
                .map(handedOver -> draft.plan(handedOver, takesWrites))
                .orElseGet(() -> draft.plan(record, takesWrites, restarted()));
    }

    /** Applications wait for a new primary: what is to change in its configuration can wait until it is open. */
    private boolean opensAsItIs() {
        return !status.postgres().open()
                && mayOpen()
                && Configurations.isApplied(
                        status, record.term(), Configurations.primary(facts, record.configuration()));
    }

    private Optional<InstanceCommand> command(PostgresConfiguration configuration, boolean applied) {
        var target = facts.identity().instance(primary.name());
        boolean open = status.postgres().open();
        if (open && Fencing.isShardFenced(facts)) {
            return Optional.of(new InstanceCommand.Close(target, record.term()));
        }
        if (!applied) {
            Diagnosis.failure(primary).ifPresent(draft.findings()::add);
            return Optional.of(new InstanceCommand.Configure(target, record.term(), configuration));
        }
        Instant startedAt = status.postgres().startedAt();
        if (!open && startedAt != null && mayOpen()) {
            return Optional.of(new InstanceCommand.Open(target, record.term(), startedAt));
        }
        return Optional.empty();
    }

    /**
     * What is visible must not vanish: enough standbys have all of the primary's log. After a failover that may have lost the
     * last changes the database, with the guard in it, is looked at first.
     */
    private boolean mayOpen() {
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

    /** The instance whose pod is made anew now; null when none is. */
    private @Nullable String restarted() {
        return RollingChange.nextStandby(facts, primary, status)
                .map(instance -> {
                    draft.find(
                            Reason.ROLLING_CHANGE,
                            instance,
                            instance.name() + " is restarted: "
                                    + RollingChange.need(instance).orElse("it is its turn"));
                    return instance.name();
                })
                .orElse(null);
    }
}
