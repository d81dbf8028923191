package io.pgmosaic.operator.plan;

import io.pgmosaic.protocol.instance.InstanceCommand;
import io.pgmosaic.protocol.instance.InstanceRole;
import io.pgmosaic.protocol.instance.InstanceStatus;
import io.pgmosaic.protocol.instance.PostgresConfiguration;

import java.util.Objects;

/**
 * Decides how the recorded primary comes to run as the primary of its term.
 *
 * <pre>
 * 2. it was appointed and is a standby still -> promote(term)
 *    its PostgreSQL does not run             -> resume(term)
 *    its volume says anything else           -> say so, command nothing
 * </pre>
 */
final class StartingPrimary {
    private final ShardFacts facts;
    private final ShardRecord record;
    private final String systemIdentifier;
    private final InstanceFacts primary;
    private final InstanceStatus status;
    private final Draft draft;

    StartingPrimary(ShardFacts facts, InstanceFacts primary, InstanceStatus status, Draft draft) {
        this.facts = facts;
        this.record = facts.record();
        this.systemIdentifier = Objects.requireNonNull(record.systemIdentifier());
        this.primary = primary;
        this.status = status;
        this.draft = draft;
    }

    ShardPlan plan() {
        boolean first = record.configuration().sequence() == 0;
        ShardRecord.Configuration wanted = Configurations.recorded(
                facts,
                first
                        ? SynchronousSets.wanted(facts, status)
                        : record.configuration().synchronous());
        PostgresConfiguration configuration = Configurations.primary(facts, wanted);
        draft.findObstaclesOfOthers();
        boolean promised = status.promisedTerm() == record.term();
        if (promised && primary.isRole(InstanceRole.STANDBY)) {
            promote(configuration);
        } else if (promised && primary.isRole(InstanceRole.PRIMARY)) {
            resume(configuration);
        } else {
            draft.find(
                    Reason.PRIMARY_UNREACHABLE,
                    primary,
                    primary.name() + ": is recorded as the primary of term " + record.term() + ", its volume says "
                            + status.role() + " in term " + status.promisedTerm()
                            + "; nothing is started. Look at its log and its claim");
        }
        return draft.plan(record.withConfiguration(wanted), false);
    }

    private void promote(PostgresConfiguration configuration) {
        Diagnosis.failure(primary).ifPresent(draft.findings()::add);
        draft.find(
                Reason.FAILING_OVER,
                primary,
                primary.name() + " was appointed the primary of term " + record.term() + " and is being promoted"
                        + progress());
        if (!primary.isBusy()) {
            draft.commands()
                    .add(new InstanceCommand.Promote(
                            facts.identity().instance(primary.name()), record.term(), systemIdentifier, configuration));
        }
    }

    private void resume(PostgresConfiguration configuration) {
        Diagnosis.failure(primary).ifPresent(draft.findings()::add);
        draft.find(
                Reason.STARTING_PRIMARY,
                primary,
                "PostgreSQL of the primary " + primary.name() + " is "
                        + (primary.isBusy() ? "starting" : "to be started")
                        + (status.postgres().message() == null
                                ? ""
                                : "; before: " + status.postgres().message()));
        if (!primary.isBusy()) {
            draft.commands()
                    .add(new InstanceCommand.Resume(
                            facts.identity().instance(primary.name()), record.term(), systemIdentifier, configuration));
        }
    }

    private String progress() {
        return status.operation() == null ? "" : " (" + status.operation().step() + ")";
    }
}
