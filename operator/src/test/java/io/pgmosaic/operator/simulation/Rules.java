package io.pgmosaic.operator.simulation;

import io.pgmosaic.protocol.instance.InstanceCommand;
import io.pgmosaic.protocol.instance.InstanceRole;
import io.pgmosaic.protocol.instance.PostgresConfiguration;
import io.pgmosaic.protocol.instance.Refusal.Reason;
import org.jspecify.annotations.Nullable;

/** Whether a manager acts on a command: the rules of the instance manager, which knows its volume alone. */
final class Rules {
    private Rules() {}

    /** Null when it does. */
    static @Nullable Reason refusal(Instance instance, InstanceCommand command, Mutant mutant) {
        if (command.term() < instance.promised && mutant != Mutant.ACCEPT_AN_OLDER_TERM) {
            return Reason.STALE_TERM;
        }
        boolean preempts = command instanceof InstanceCommand.Revoke && command.term() > instance.promised;
        if (instance.operation.isRunning() && !preempts) {
            return Reason.BUSY;
        }
        return switch (command) {
            case InstanceCommand.Bootstrap bootstrap -> instance.isBlank() ? null : Reason.DATA_PRESENT;
            case InstanceCommand.Follow follow ->
                instance.role == InstanceRole.PRIMARY && instance.assigned >= follow.term()
                        ? Reason.PRIMARY_DATA
                        : stale(instance, follow.term(), follow.configuration(), mutant);
            case InstanceCommand.Resume resume ->
                isPrimary(instance, resume.term())
                        ? stale(instance, resume.term(), resume.configuration(), mutant)
                        : Reason.NOT_PRIMARY;
            case InstanceCommand.Configure configure ->
                instance.isBlank() || instance.assigned != configure.term() || instance.promised != configure.term()
                        ? Reason.NOT_IN_TERM
                        : stale(instance, configure.term(), configure.configuration(), mutant);
            case InstanceCommand.Promote promote ->
                isPrimary(instance, promote.term()) || mayBePromoted(instance, promote.term(), mutant)
                        ? stale(instance, promote.term(), promote.configuration(), mutant)
                        : Reason.NOT_PROMOTABLE;
            case InstanceCommand.Open open -> open(instance, open, mutant);
            case InstanceCommand.Close close -> isPrimary(instance, close.term()) ? null : Reason.NOT_PRIMARY;
            case InstanceCommand.Revoke revoke -> null;
            case InstanceCommand.Stop stop -> null;
        };
    }

    private static @Nullable Reason open(Instance instance, InstanceCommand.Open command, Mutant mutant) {
        if (!isPrimary(instance, command.term())) {
            return Reason.NOT_PRIMARY;
        }
        if (command.serverStartedAt().toEpochMilli() != instance.startedAt || !instance.running) {
            return Reason.SERVER_RESTARTED;
        }
        boolean confirmed = instance.lease.isConfirmed() || mutant == Mutant.OPEN_WITHOUT_CONFIRMED_TERM;
        return confirmed ? null : Reason.UNCONFIRMED;
    }

    private static boolean isPrimary(Instance instance, long term) {
        return !instance.isBlank()
                && instance.role == InstanceRole.PRIMARY
                && instance.assigned == term
                && instance.promised == term;
    }

    private static boolean mayBePromoted(Instance instance, long term, Mutant mutant) {
        return !instance.isBlank()
                && instance.role == InstanceRole.STANDBY
                && (instance.isDetached() || mutant == Mutant.KEEP_STREAMING)
                && instance.assigned <= term
                && instance.promised == term;
    }

    private static @Nullable Reason stale(
            Instance instance, long term, PostgresConfiguration configuration, Mutant mutant) {
        return instance.assigned == term
                        && configuration.sequence() < instance.configuration.sequence()
                        && mutant != Mutant.ACCEPT_AN_OLDER_CONFIGURATION
                ? Reason.STALE_CONFIGURATION
                : null;
    }
}
