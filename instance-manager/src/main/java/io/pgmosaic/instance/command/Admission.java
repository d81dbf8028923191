package io.pgmosaic.instance.command;

import io.pgmosaic.instance.volume.Assignment;
import io.pgmosaic.instance.volume.StoredState;
import io.pgmosaic.instance.volume.Unfinished;
import io.pgmosaic.protocol.instance.DataDirectory;
import io.pgmosaic.protocol.instance.InstanceCommand;
import io.pgmosaic.protocol.instance.InstanceIdentity;
import io.pgmosaic.protocol.instance.InstanceRole;
import io.pgmosaic.protocol.instance.PostgresConfiguration;
import io.pgmosaic.protocol.instance.Refusal;
import io.pgmosaic.protocol.instance.Refusal.Reason;
import org.jspecify.annotations.Nullable;

import java.time.Instant;

/**
 * Whether a command may be acted on, from what is on the volume and which server runs. Pure.
 *
 * @param identity who the manager was started as
 * @param untrusted why the manager's own files cannot be trusted; {@code stored} is then what is readable of them, and
 *     nothing is admitted but to replace the data. Null when they can
 * @param running whether a server process is there
 * @param startedAt when the server that answers was started; null when none answers
 */
record Admission(
        InstanceIdentity identity,
        StoredState stored,
        @Nullable String untrusted,
        DataDirectory data,
        boolean running,
        @Nullable Instant startedAt) {

    /** @return null when it may */
    @Nullable
    Refusal refusal(InstanceCommand command) {
        if (!command.target().equals(identity)) {
            return refuse(Reason.WRONG_INSTANCE, "the command is for " + command.target() + ", this is " + identity);
        }
        InstanceIdentity owner = stored.identity();
        if (owner != null && !(owner.sameShard(identity) && owner.instance().equals(identity.instance()))) {
            return refuse(
                    Reason.WRONG_INSTANCE,
                    "the volume belongs to " + owner + ", this is " + identity + "; attach the right volume");
        }
        if (untrusted != null && !(command instanceof InstanceCommand.Follow follow && follow.replaceData())) {
            return refuse(Reason.PROMISE_UNREADABLE, untrusted);
        }
        if (command.term() < stored.promisedTerm()) {
            return refuse(
                    Reason.STALE_TERM,
                    "term " + command.term() + " is over: term " + stored.promisedTerm() + " was promised");
        }
        return switch (command) {
            case InstanceCommand.Bootstrap bootstrap -> bootstrap(bootstrap);
            case InstanceCommand.Follow follow -> follow(follow);
            case InstanceCommand.Resume resume -> resume(resume);
            case InstanceCommand.Configure configure -> configure(configure);
            case InstanceCommand.Stop stop -> null;
            case InstanceCommand.Revoke revoke -> null;
            case InstanceCommand.Promote promote -> promote(promote);
            case InstanceCommand.Open open -> open(open);
            case InstanceCommand.Close close -> primaryOfTerm(close.term());
        };
    }

    private @Nullable Refusal bootstrap(InstanceCommand.Bootstrap command) {
        if (blank()) {
            return null;
        }
        Assignment assignment = stored.assignment();
        boolean sameAgain = running
                && assignment != null
                && assignment.role() == InstanceRole.PRIMARY
                && assignment.term() == command.term()
                && assignment.configuration().equals(command.configuration());
        return sameAgain
                ? null
                : refuse(Reason.DATA_PRESENT, "the volume is not empty (" + data.state() + said() + "); it is kept");
    }

    private @Nullable Refusal follow(InstanceCommand.Follow command) {
        if (blank()) {
            return staleConfiguration(command.term(), command.configuration());
        }
        Assignment assignment = stored.assignment();
        boolean givenUp = assignment != null
                && (assignment.unfinished() == Unfinished.REWIND || assignment.unfinished() == Unfinished.CLONE);
        Refusal unfit = givenUp ? null : unfitData(command.systemIdentifier());
        if (unfit != null) {
            return unfit;
        }
        if (assignment == null) {
            return untrusted != null
                    ? null
                    : refuse(Reason.FOREIGN_DATA, "the data on the volume was not made by an instance manager");
        }
        if (assignment.role() == InstanceRole.PRIMARY && assignment.term() >= command.term()) {
            return refuse(
                    Reason.PRIMARY_DATA,
                    "this is the primary of term " + assignment.term() + "; it follows in a later term only");
        }
        return staleConfiguration(command.term(), command.configuration());
    }

    private @Nullable Refusal resume(InstanceCommand.Resume command) {
        if (blank()) {
            return refuse(Reason.NO_DATA, "there is no database on the volume");
        }
        Refusal unfit = unfitData(command.systemIdentifier());
        if (unfit != null) {
            return unfit;
        }
        Assignment assignment = stored.assignment();
        if (assignment == null
                || assignment.role() != InstanceRole.PRIMARY
                || assignment.unfinished() != Unfinished.NOTHING
                || assignment.term() != command.term()
                || stored.promisedTerm() != command.term()) {
            return refuse(Reason.NOT_PRIMARY, "this was not the primary of term " + command.term() + ": " + was());
        }
        return staleConfiguration(command.term(), command.configuration());
    }

    private @Nullable Refusal promote(InstanceCommand.Promote command) {
        if (blank()) {
            return refuse(Reason.NO_DATA, "there is no database on the volume");
        }
        Refusal unfit = unfitData(command.systemIdentifier());
        if (unfit != null) {
            return unfit;
        }
        Assignment assignment = stored.assignment();
        // What is detached has no receiver, so its log has its end, whichever term it was that detached it.
        boolean fit = assignment != null
                && stored.promisedTerm() == command.term()
                && (assignment.role() == InstanceRole.PRIMARY
                        ? assignment.term() == command.term()
                        : assignment.isDetached() && assignment.unfinished() == Unfinished.NOTHING);
        return fit
                ? staleConfiguration(command.term(), command.configuration())
                : refuse(
                        Reason.NOT_PROMOTABLE,
                        "this cannot become the primary of term " + command.term()
                                + ", only a standby that was revoked in" + " that term can: " + was());
    }

    private @Nullable Refusal open(InstanceCommand.Open command) {
        Refusal refusal = primaryOfTerm(command.term());
        if (refusal != null) {
            return refusal;
        }
        return command.serverStartedAt().equals(startedAt)
                ? null
                : refuse(
                        Reason.SERVER_RESTARTED,
                        "the server that may be opened started at " + command.serverStartedAt() + ", "
                                + (startedAt == null ? "none answers now" : "this one at " + startedAt));
    }

    private @Nullable Refusal primaryOfTerm(long term) {
        Assignment assignment = stored.assignment();
        boolean is = !blank()
                && assignment != null
                && assignment.role() == InstanceRole.PRIMARY
                && assignment.unfinished() == Unfinished.NOTHING
                && assignment.term() == term
                && stored.promisedTerm() == term;
        return is ? null : refuse(Reason.NOT_PRIMARY, "this is not the primary of term " + term + ": " + was());
    }

    private String was() {
        Assignment assignment = stored.assignment();
        if (assignment == null) {
            return "it was given no role";
        }
        return "it was " + assignment.role() + " of term " + assignment.term() + " and has promised term "
                + stored.promisedTerm()
                + (assignment.unfinished() == Unfinished.NOTHING ? "" : "; not ended: " + assignment.unfinished());
    }

    private @Nullable Refusal configure(InstanceCommand.Configure command) {
        if (blank()) {
            return refuse(Reason.NO_DATA, "there is no database on the volume");
        }
        Refusal unfit = unfitData(null);
        if (unfit != null) {
            return unfit;
        }
        Assignment assignment = stored.assignment();
        // A standby that took a newer term with its configuration would go on streaming from the older term's primary.
        if (assignment == null
                || assignment.unfinished() != Unfinished.NOTHING
                || assignment.term() != command.term()
                || stored.promisedTerm() != command.term()) {
            return refuse(
                    Reason.NOT_IN_TERM,
                    "the instance has no role in term " + command.term() + "; send follow or resume first");
        }
        return staleConfiguration(command.term(), command.configuration());
    }

    private boolean blank() {
        return switch (data.state()) {
            case EMPTY, INCOMPLETE -> true;
            case PRESENT, INCOMPATIBLE, UNKNOWN, UNREADABLE -> false;
        };
    }

    private @Nullable Refusal unfitData(@Nullable String systemIdentifier) {
        return switch (data.state()) {
            case INCOMPATIBLE -> refuse(Reason.INCOMPATIBLE_DATA, "the volume cannot be used" + said());
            case UNKNOWN, UNREADABLE -> refuse(Reason.FOREIGN_DATA, "the volume cannot be used" + said());
            case EMPTY, INCOMPLETE -> null;
            case PRESENT ->
                systemIdentifier == null || systemIdentifier.equals(data.systemIdentifier())
                        ? null
                        : refuse(
                                Reason.FOREIGN_DATA,
                                "the volume holds system " + data.systemIdentifier() + ", the shard is system "
                                        + systemIdentifier);
        };
    }

    private @Nullable Refusal staleConfiguration(long term, PostgresConfiguration configuration) {
        Assignment assignment = stored.assignment();
        // A cluster made anew over a kept volume numbers its configurations from the beginning.
        boolean madeAnew =
                stored.identity() != null && !stored.identity().clusterUid().equals(identity.clusterUid());
        if (assignment == null
                || madeAnew
                || assignment.term() != term
                || configuration.sequence() >= assignment.configuration().sequence()) {
            return null;
        }
        return refuse(
                Reason.STALE_CONFIGURATION,
                "configuration " + configuration.sequence() + " is older than "
                        + assignment.configuration().sequence() + ", which was applied in term " + term);
    }

    private String said() {
        return data.message() == null ? "" : ": " + data.message();
    }

    private Refusal refuse(Reason reason, String message) {
        return new Refusal(reason, message, stored.promisedTerm());
    }
}
