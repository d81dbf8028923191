package io.pgmosaic.instance.command;

import io.pgmosaic.instance.lease.HeartbeatDesk;
import io.pgmosaic.instance.postgres.ConfigurationCheck;
import io.pgmosaic.instance.postgres.Leftovers;
import io.pgmosaic.instance.postgres.Postmaster;
import io.pgmosaic.instance.volume.Assignment;
import io.pgmosaic.instance.volume.DataInspection;
import io.pgmosaic.instance.volume.Promise;
import io.pgmosaic.instance.volume.StoredState;
import io.pgmosaic.instance.volume.UnreadableFileException;
import io.pgmosaic.instance.volume.Volume;
import io.pgmosaic.protocol.instance.InstanceCommand;
import io.pgmosaic.protocol.instance.InstanceIdentity;
import io.pgmosaic.protocol.instance.InstanceStatus;
import io.pgmosaic.protocol.instance.Operation;
import io.pgmosaic.protocol.instance.PostgresState.ServerState;
import io.pgmosaic.protocol.instance.Refusal;
import io.pgmosaic.protocol.instance.Refusal.Reason;
import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;

/** One PostgreSQL instance, as the operator sees it: it takes commands and tells its status. Thread-safe. */
public final class Instance {
    private static final Duration CANCELLATION_PATIENCE = Duration.ofSeconds(5);
    private static final System.Logger LOG = System.getLogger(Instance.class.getName());

    private final InstanceIdentity identity;
    private final int imageMajor;
    private final Volume volume;
    private final Postmaster postmaster;
    private final Leftovers leftovers;
    private final ConfigurationCheck check;
    private final Server server;
    private final Actions actions;
    private final StandbyRestart standby;
    private final StatusReport report;
    private final OwnerThread owner;
    private final Fencing fencing;
    private final Changes changes;
    private final FirstContact firstContact = new FirstContact();
    private volatile @Nullable RunningOperation latest;
    private boolean ending;

    Instance(
            InstanceIdentity identity,
            int imageMajor,
            Volume volume,
            Postmaster postmaster,
            Leftovers leftovers,
            ConfigurationCheck check,
            Server server,
            Actions actions,
            StandbyRestart standby,
            StatusReport report,
            OwnerThread owner,
            Fencing fencing,
            Changes changes) {
        this.identity = identity;
        this.imageMajor = imageMajor;
        this.volume = volume;
        this.postmaster = postmaster;
        this.leftovers = leftovers;
        this.check = check;
        this.server = server;
        this.actions = actions;
        this.standby = standby;
        this.report = report;
        this.owner = owner;
        this.fencing = fencing;
        this.changes = changes;
    }

    /** Ends what an earlier manager left behind, and starts the volume's standby if it holds one. */
    public void start() {
        fencing.start();
        owner.execute(() -> {
            try {
                int ended = leftovers.end(volume.data());
                if (ended > 0) {
                    LOG.log(System.Logger.Level.WARNING, "ended {0} processes that an earlier manager left", ended);
                }
                standby.startIfStandby();
            } catch (IOException e) {
                LOG.log(System.Logger.Level.ERROR, "cannot end what an earlier manager left", e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
    }

    public InstanceStatus status() {
        RunningOperation operation = latest;
        return report.take(operation == null ? null : operation.operation());
    }

    /**
     * The operator that leads says that this is the shard's term.
     *
     * @param token of a status of this very boot
     */
    public void confirm(long term, long token) {
        fencing.confirm(term, token);
    }

    /** A heartbeat of another instance of the shard. */
    public HeartbeatDesk heartbeats() {
        return fencing.desk();
    }

    /**
     * @param seen {@code <bootId>:<changes>} of a status; null for none
     * @return completed at the next change after it, at once when there was one already, and at the latest after {@code
     *     patience}
     */
    public CompletableFuture<Void> changeAfter(@Nullable String seen, Duration patience) {
        String prefix = report.bootId() + ":";
        if (seen == null || !seen.startsWith(prefix)) {
            return CompletableFuture.completedFuture(null);
        }
        try {
            return changes.after(Long.parseLong(seen.substring(prefix.length())), patience);
        } catch (NumberFormatException e) {
            return CompletableFuture.completedFuture(null);
        }
    }

    /**
     * Takes a command and waits a while for its outcome.
     *
     * @param challenge that the command hands back; null for none
     * @param patience how long the answer may wait for the effect
     */
    public Answer execute(InstanceCommand command, @Nullable String challenge, Duration patience)
            throws IOException, InterruptedException {
        Optional<String> malformed = WellFormed.complaint(command);
        if (malformed.isPresent()) {
            return new Answer.Refused(new Refusal(Reason.MALFORMED, malformed.get(), promisedTerm()));
        }
        cancelSuperseded(command);
        RunningOperation operation;
        synchronized (this) {
            RunningOperation current = latest;
            if (current != null && current.running() && current.command().equals(command)) {
                operation = current;
            } else {
                StoredState stored;
                String untrusted = null;
                try {
                    stored = StoredState.read(volume);
                } catch (UnreadableFileException e) {
                    stored = StoredState.whatIsReadable(volume);
                    untrusted = String.valueOf(e.getMessage());
                }
                Refusal refusal = refusal(command, challenge, current, stored, untrusted);
                if (refusal != null) {
                    return new Answer.Refused(refusal);
                }
                operation = begin(command, stored.promisedTerm(), untrusted != null);
            }
        }
        boolean ended = operation.awaitEnd(patience);
        Operation now = operation.operation();
        return ended && now.state() == Operation.State.SUCCEEDED ? new Answer.Done(now) : new Answer.Begun(now);
    }

    /** Ends what is under way and stops PostgreSQL; nothing is accepted any more. Returns when it has ended. */
    public void end(Duration stopPatience) throws IOException, InterruptedException {
        synchronized (this) {
            ending = true;
            RunningOperation current = latest;
            if (current != null) {
                current.cancellation().cancel();
            }
        }
        owner.end(Duration.ofSeconds(5));
        postmaster.stop(stopPatience);
    }

    /** A command of a later term, or a stop, does not wait for hours of base backup: what it ends is given a moment to end. */
    private void cancelSuperseded(InstanceCommand command) throws InterruptedException {
        RunningOperation current = latest;
        if (current != null
                && current.running()
                && command.target().equals(identity)
                && supersedes(command, current.command())) {
            current.cancellation().cancel();
            boolean ended = current.awaitEnd(CANCELLATION_PATIENCE);
            LOG.log(
                    System.Logger.Level.INFO,
                    "{0} of term {1} gives way to {2} of term {3}: {4}",
                    current.command().path(),
                    Long.toString(current.command().term()),
                    command.path(),
                    Long.toString(command.term()),
                    ended ? "ended" : "still ending");
        }
    }

    private static boolean supersedes(InstanceCommand command, InstanceCommand current) {
        return command.term() > current.term()
                || (command instanceof InstanceCommand.Stop && command.term() == current.term());
    }

    private @Nullable Refusal refusal(
            InstanceCommand command,
            @Nullable String challenge,
            @Nullable RunningOperation current,
            StoredState stored,
            @Nullable String untrusted)
            throws IOException, InterruptedException {
        Refusal refusal = new Admission(
                        identity,
                        stored,
                        untrusted,
                        DataInspection.inspect(volume, imageMajor, stored.identity()),
                        postmaster.alive(),
                        command instanceof InstanceCommand.Open ? startedAt() : null)
                .refusal(command);
        if (refusal != null) {
            return refusal;
        }
        if (stored.promisedTerm() == 0 && !firstContact.isAnsweredBy(challenge)) {
            return new Refusal(
                    Reason.NO_PROMISE,
                    "nothing was promised on this volume, so that term " + command.term()
                            + " is not over is for the operator to look up once more",
                    0,
                    firstContact.challenge());
        }
        if (command instanceof InstanceCommand.Open && !fencing.isConfirmed()) {
            return new Refusal(
                    Reason.UNCONFIRMED,
                    "nobody has confirmed term " + command.term() + " since this became its primary; send this again",
                    stored.promisedTerm());
        }
        Assignment wanted = Actions.toBeChecked(command, stored.assignment());
        Optional<String> complaint = wanted == null ? Optional.empty() : check.complaint(server.text(wanted));
        if (complaint.isPresent()) {
            return new Refusal(Reason.INVALID_CONFIGURATION, complaint.get(), stored.promisedTerm());
        }
        if (ending) {
            return new Refusal(Reason.BUSY, "the instance is ending", stored.promisedTerm());
        }
        if (current != null && current.running()) {
            return new Refusal(
                    Reason.BUSY,
                    current.command().path() + " of term " + current.command().term()
                            + (supersedes(command, current.command())
                                    ? " is being cancelled; send this again"
                                    : " is under way: " + current.operation().step()),
                    stored.promisedTerm());
        }
        return null;
    }

    private @Nullable Instant startedAt() throws InterruptedException {
        try {
            return postmaster.state() == ServerState.RUNNING ? server.startedAt() : null;
        } catch (IOException e) {
            LOG.log(System.Logger.Level.DEBUG, "no answer when the server started: {0}", e.getMessage());
            return null;
        }
    }

    private RunningOperation begin(InstanceCommand command, long promisedTerm, boolean untrusted) throws IOException {
        if (command.term() > promisedTerm) {
            volume.promise().write(new Promise(command.term()));
            if (promisedTerm == 0) {
                firstContact.made();
            }
        }
        RunningOperation operation = new RunningOperation(command, untrusted);
        latest = operation;
        changes.happened();
        fencing.wake();
        LOG.log(System.Logger.Level.INFO, "{0} of term {1} begins", command.path(), Long.toString(command.term()));
        owner.execute(() -> perform(operation));
        return operation;
    }

    private void perform(RunningOperation operation) {
        try {
            operation.succeed(actions.perform(operation));
        } catch (CancellationException | IOException e) {
            operation.fail(String.valueOf(e.getMessage()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            operation.fail("interrupted");
        } finally {
            if (operation.running()) {
                operation.fail("unexpected failure; see the manager's log");
            }
            Operation now = operation.operation();
            LOG.log(
                    System.Logger.Level.INFO,
                    "{0} of term {1}: {2}, {3}",
                    now.command(),
                    Long.toString(now.term()),
                    now.state(),
                    now.error() == null ? now.step() : now.error());
            changes.happened();
            fencing.wake();
        }
    }

    private long promisedTerm() {
        try {
            return StoredState.read(volume).promisedTerm();
        } catch (UnreadableFileException e) {
            return 0;
        }
    }
}
