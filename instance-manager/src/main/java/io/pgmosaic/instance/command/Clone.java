package io.pgmosaic.instance.command;

import io.pgmosaic.instance.postgres.BaseBackup;
import io.pgmosaic.instance.postgres.ConfigurationFiles;
import io.pgmosaic.instance.postgres.Leftovers;
import io.pgmosaic.instance.volume.Assignment;
import io.pgmosaic.instance.volume.DataInspection;
import io.pgmosaic.instance.volume.Unfinished;
import io.pgmosaic.instance.volume.Volume;
import io.pgmosaic.protocol.instance.InstanceCommand;
import io.pgmosaic.protocol.instance.InstanceIdentity;

import java.io.IOException;
import java.nio.file.Files;

/**
 * A base backup of the upstream, in place of what is on the volume. Data that is there is named away first, at once and
 * whole, since two copies may not fit; from then on until the copy has its name the volume counts as incomplete.
 */
final class Clone {
    private final InstanceIdentity identity;
    private final Volume volume;
    private final Records records;
    private final Server server;
    private final Leftovers leftovers;
    private final BaseBackup baseBackup;

    Clone(
            InstanceIdentity identity,
            Volume volume,
            Records records,
            Server server,
            Leftovers leftovers,
            BaseBackup baseBackup) {
        this.identity = identity;
        this.volume = volume;
        this.records = records;
        this.server = server;
        this.leftovers = leftovers;
        this.baseBackup = baseBackup;
    }

    void make(InstanceCommand.Follow command, Assignment assignment, RunningOperation operation)
            throws IOException, InterruptedException {
        if (Files.exists(volume.data())) {
            records.store(assignment.with(Unfinished.CLONE));
            server.stopAtOnce();
        }
        leftovers.end(volume.data());
        volume.discardData();
        operation.step("base backup");
        server.passwords(assignment);
        baseBackup.copy(
                volume.staging(),
                command.upstream(),
                identity.instance(),
                command.term(),
                command.slot(),
                operation.cancellation(),
                operation::step);
        String copied = DataInspection.systemIdentifier(volume.staging());
        if (!copied.equals(command.systemIdentifier())) {
            throw new IOException("the upstream is system " + copied + ", the shard is system "
                    + command.systemIdentifier() + "; the copy is thrown away at the next try");
        }
        ConfigurationFiles.write(volume.staging(), server.text(assignment), assignment);
        records.store(assignment);
        volume.adoptStaging();
    }
}
