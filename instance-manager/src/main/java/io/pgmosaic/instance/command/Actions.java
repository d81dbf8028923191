package io.pgmosaic.instance.command;

import io.pgmosaic.instance.postgres.ConfigurationFiles;
import io.pgmosaic.instance.postgres.Initdb;
import io.pgmosaic.instance.postgres.Leftovers;
import io.pgmosaic.instance.postgres.Postmaster;
import io.pgmosaic.instance.volume.Assignment;
import io.pgmosaic.instance.volume.Volume;
import io.pgmosaic.protocol.instance.InstanceCommand;
import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.file.Files;

/**
 * Does what an admitted command says. On the owner thread alone. Each intent is on the disk before its effect; each action
 * can be cut short anywhere and be done again from the start.
 */
final class Actions {
    private final Volume volume;
    private final Records records;
    private final Server server;
    private final Postmaster postmaster;
    private final Leftovers leftovers;
    private final Initdb initdb;
    private final Following following;
    private final Revocation revocation;
    private final Promotion promotion;

    Actions(
            Volume volume,
            Records records,
            Server server,
            Postmaster postmaster,
            Leftovers leftovers,
            Initdb initdb,
            Following following,
            Revocation revocation,
            Promotion promotion) {
        this.volume = volume;
        this.records = records;
        this.server = server;
        this.postmaster = postmaster;
        this.leftovers = leftovers;
        this.initdb = initdb;
        this.following = following;
        this.revocation = revocation;
        this.promotion = promotion;
    }

    /** @return what was reached, for a person */
    String perform(RunningOperation operation) throws IOException, InterruptedException {
        return switch (operation.command()) {
            case InstanceCommand.Bootstrap command -> bootstrap(command, operation);
            case InstanceCommand.Follow command -> following.perform(command, operation);
            case InstanceCommand.Resume command -> resume(command, operation);
            case InstanceCommand.Configure command -> configure(command, operation);
            case InstanceCommand.Revoke command -> revocation.perform(command, operation);
            case InstanceCommand.Promote command -> promotion.perform(command, operation);
            case InstanceCommand.Open command -> open(operation);
            case InstanceCommand.Close command -> close(operation);
            case InstanceCommand.Stop command -> stop(operation);
        };
    }

    /** What the server will be asked to take with the command, to be checked before; null when that is nothing new. */
    static @Nullable Assignment toBeChecked(InstanceCommand command, @Nullable Assignment before) {
        return switch (command) {
            case InstanceCommand.Bootstrap bootstrap -> Assignment.primary(bootstrap.term(), bootstrap.configuration());
            case InstanceCommand.Follow follow ->
                Assignment.standby(follow.term(), follow.upstream(), follow.slot(), follow.configuration());
            case InstanceCommand.Resume resume -> Assignment.primary(resume.term(), resume.configuration());
            case InstanceCommand.Promote promote -> Assignment.primary(promote.term(), promote.configuration());
            case InstanceCommand.Configure configure ->
                before == null ? null : before.withConfiguration(configure.configuration());
            case InstanceCommand.Revoke revoke -> null;
            case InstanceCommand.Open open -> null;
            case InstanceCommand.Close close -> null;
            case InstanceCommand.Stop stop -> null;
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
            records.store(assignment);
            volume.adoptStaging();
            operation.step("starting PostgreSQL");
            server.start(assignment, operation.cancellation());
        }
        server.slots(assignment);
        return "primary of term " + command.term();
    }

    private String resume(InstanceCommand.Resume command, RunningOperation operation)
            throws IOException, InterruptedException {
        if (Files.exists(volume.data().resolve("standby.signal"))) {
            throw new IOException("the data says standby, the assignment says primary; nothing is started");
        }
        Assignment closed = Assignment.primary(command.term(), command.configuration());
        // Sent again to the server that it started, it takes nothing back.
        Assignment assignment = closed.withOpen(postmaster.alive() && admitted().open());
        records.store(assignment);
        server.bring(assignment, operation);
        return "primary of term " + command.term();
    }

    private String configure(InstanceCommand.Configure command, RunningOperation operation)
            throws IOException, InterruptedException {
        return reconfigure(admitted().withConfiguration(command.configuration()), operation);
    }

    private String open(RunningOperation operation) throws IOException, InterruptedException {
        return reconfigure(admitted().withOpen(true), operation);
    }

    private String close(RunningOperation operation) throws IOException, InterruptedException {
        String reached = reconfigure(admitted().withOpen(false), operation);
        server.endApplications();
        return reached;
    }

    private String reconfigure(Assignment assignment, RunningOperation operation)
            throws IOException, InterruptedException {
        Assignment before = admitted();
        if (!postmaster.alive()) {
            Assignment written = assignment.withOpen(false);
            records.store(written);
            ConfigurationFiles.write(volume.data(), server.text(written), written);
            return "written; PostgreSQL does not run";
        }
        operation.step("reloading");
        records.store(assignment);
        try {
            boolean effective = server.apply(assignment);
            server.slots(assignment);
            return effective ? "in effect" : "written; PostgreSQL does not take connections";
        } catch (IOException e) {
            records.store(before);
            throw e;
        }
    }

    private String stop(RunningOperation operation) throws IOException, InterruptedException {
        Assignment before = records.read().assignment();
        if (before != null) {
            records.store(before.withStopped(true).withOpen(false));
        }
        operation.step("fast shutdown");
        server.stop();
        return "stopped";
    }

    private Assignment admitted() throws IOException {
        Assignment assignment = records.read().assignment();
        if (assignment == null) {
            throw new IllegalStateException("admitted without an assignment");
        }
        return assignment;
    }
}
