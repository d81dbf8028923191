package io.pgmosaic.instance.command;

import io.pgmosaic.instance.postgres.BaseBackup;
import io.pgmosaic.instance.postgres.ConfigurationFiles;
import io.pgmosaic.instance.postgres.Initdb;
import io.pgmosaic.instance.postgres.Leftovers;
import io.pgmosaic.instance.postgres.Postmaster;
import io.pgmosaic.instance.volume.Assignment;
import io.pgmosaic.instance.volume.DataInspection;
import io.pgmosaic.instance.volume.StoredState;
import io.pgmosaic.instance.volume.Volume;
import io.pgmosaic.protocol.instance.InstanceCommand;
import io.pgmosaic.protocol.instance.InstanceIdentity;
import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.file.Files;

/**
 * Does what an admitted command says. On the owner thread alone. Each intent is on the disk before its effect; each action
 * can be cut short anywhere and be done again from the start.
 */
final class Actions {
    private final InstanceIdentity identity;
    private final Volume volume;
    private final Server server;
    private final Postmaster postmaster;
    private final Leftovers leftovers;
    private final Initdb initdb;
    private final BaseBackup baseBackup;

    Actions(
            InstanceIdentity identity,
            Volume volume,
            Server server,
            Postmaster postmaster,
            Leftovers leftovers,
            Initdb initdb,
            BaseBackup baseBackup) {
        this.identity = identity;
        this.volume = volume;
        this.server = server;
        this.postmaster = postmaster;
        this.leftovers = leftovers;
        this.initdb = initdb;
        this.baseBackup = baseBackup;
    }

    /** @return what was reached, for a person */
    String perform(RunningOperation operation) throws IOException, InterruptedException {
        return switch (operation.command()) {
            case InstanceCommand.Bootstrap command -> bootstrap(command, operation);
            case InstanceCommand.Follow command -> follow(command, operation);
            case InstanceCommand.Resume command -> resume(command, operation);
            case InstanceCommand.Configure command -> configure(command, operation);
            case InstanceCommand.Stop command -> stop(operation);
            case InstanceCommand.Revoke command -> throw unsupported(command);
            case InstanceCommand.Promote command -> throw unsupported(command);
            case InstanceCommand.Open command -> throw unsupported(command);
            case InstanceCommand.Close command -> throw unsupported(command);
        };
    }

    private static IOException unsupported(InstanceCommand command) {
        return new IOException(command.path() + " is not supported");
    }

    /** What the instance will be when the command has been carried out; null when it says nothing of that. */
    static @Nullable Assignment assignment(InstanceCommand command, @Nullable Assignment before) {
        return switch (command) {
            case InstanceCommand.Bootstrap bootstrap -> Assignment.primary(bootstrap.term(), bootstrap.configuration());
            case InstanceCommand.Follow follow ->
                Assignment.standby(follow.term(), follow.upstream(), follow.slot(), follow.configuration());
            case InstanceCommand.Resume resume -> Assignment.primary(resume.term(), resume.configuration());
            case InstanceCommand.Configure configure ->
                before == null ? null : before.withConfiguration(configure.configuration());
            case InstanceCommand.Stop stop -> before == null ? null : before.withStopped(true);
            case InstanceCommand.Revoke revoke -> before;
            case InstanceCommand.Promote promote -> before;
            case InstanceCommand.Open open -> before;
            case InstanceCommand.Close close -> before;
        };
    }

    private String bootstrap(InstanceCommand.Bootstrap command, RunningOperation operation)
            throws IOException, InterruptedException {
        Assignment assignment = Assignment.primary(command.term(), command.configuration());
        if (!postmaster.alive()) {
            operation.step("initdb");
            leftovers.end(volume.data());
            initdb.create(volume.staging(), operation.cancellation());
            ConfigurationFiles.write(volume.staging(), server.text(assignment), assignment);
            store(assignment);
            volume.adoptStaging();
            operation.step("starting PostgreSQL");
            server.start(assignment, operation.cancellation());
        }
        server.slots(assignment);
        return "primary of term " + command.term();
    }

    private String follow(InstanceCommand.Follow command, RunningOperation operation)
            throws IOException, InterruptedException {
        Assignment assignment =
                Assignment.standby(command.term(), command.upstream(), command.slot(), command.configuration());
        if (!Files.exists(volume.data().resolve("PG_VERSION"))) {
            clone(command, assignment, operation);
        } else {
            store(assignment);
        }
        String reached = "follows " + command.upstream().instance() + " in term " + command.term();
        return bring(assignment, operation) ? reached : reached + "; still replays its log";
    }

    private void clone(InstanceCommand.Follow command, Assignment assignment, RunningOperation operation)
            throws IOException, InterruptedException {
        operation.step("base backup");
        leftovers.end(volume.data());
        baseBackup.copy(
                volume.staging(),
                command.upstream(),
                identity.instance(),
                command.slot(),
                operation.cancellation(),
                operation::step);
        String copied = DataInspection.systemIdentifier(volume.staging());
        if (!copied.equals(command.systemIdentifier())) {
            throw new IOException("the upstream is system " + copied + ", the shard is system "
                    + command.systemIdentifier() + "; the copy is thrown away at the next try");
        }
        ConfigurationFiles.write(volume.staging(), server.text(assignment), assignment);
        store(assignment);
        volume.adoptStaging();
    }

    private String resume(InstanceCommand.Resume command, RunningOperation operation)
            throws IOException, InterruptedException {
        if (Files.exists(volume.data().resolve("standby.signal"))) {
            throw new IOException("the data says standby, the assignment says primary; nothing is started");
        }
        Assignment assignment = Assignment.primary(command.term(), command.configuration());
        store(assignment);
        bring(assignment, operation);
        return "primary of term " + command.term();
    }

    private String configure(InstanceCommand.Configure command, RunningOperation operation)
            throws IOException, InterruptedException {
        Assignment before = StoredState.read(volume).assignment();
        if (before == null) {
            throw new IllegalStateException("admitted without an assignment");
        }
        Assignment assignment = before.withConfiguration(command.configuration());
        if (!postmaster.alive()) {
            store(assignment);
            ConfigurationFiles.write(volume.data(), server.text(assignment), assignment);
            return "written; PostgreSQL does not run";
        }
        operation.step("reloading");
        store(assignment);
        try {
            boolean effective = server.apply(assignment);
            server.slots(assignment);
            return effective ? "in effect" : "written; PostgreSQL does not take connections";
        } catch (IOException e) {
            store(before);
            throw e;
        }
    }

    private String stop(RunningOperation operation) throws IOException, InterruptedException {
        Assignment before = StoredState.read(volume).assignment();
        if (before != null) {
            store(before.withStopped(true));
        }
        operation.step("fast shutdown");
        server.stop();
        return "stopped";
    }

    /** Starts the server with the assignment, or makes the running one take it. */
    private boolean bring(Assignment assignment, RunningOperation operation) throws IOException, InterruptedException {
        boolean ready;
        if (postmaster.alive()) {
            operation.step("reloading");
            ready = server.apply(assignment);
        } else {
            operation.step("starting PostgreSQL");
            ready = server.start(assignment, operation.cancellation());
        }
        server.slots(assignment);
        return ready;
    }

    private void store(Assignment assignment) throws IOException {
        StoredState stored = StoredState.read(volume);
        // The identity last: until it is this cluster's, the numbers of an earlier cluster's configurations do not
        // count.
        if (!assignment.equals(stored.assignment())) {
            volume.assignment().write(assignment);
        }
        if (!identity.equals(stored.identity())) {
            volume.identity().write(identity);
        }
    }
}
