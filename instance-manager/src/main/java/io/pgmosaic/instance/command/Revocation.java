package io.pgmosaic.instance.command;

import io.pgmosaic.instance.postgres.RunFiles;
import io.pgmosaic.instance.volume.Assignment;
import io.pgmosaic.instance.volume.Unfinished;
import io.pgmosaic.instance.volume.Volume;
import io.pgmosaic.protocol.instance.InstanceCommand;

import java.io.IOException;
import java.nio.file.Files;

/** Keeps the promise of a new term: see {@link Detachment}. */
final class Revocation {
    private final Volume volume;
    private final Records records;
    private final RunFiles files;
    private final Detachment detachment;

    Revocation(Volume volume, Records records, RunFiles files, Detachment detachment) {
        this.volume = volume;
        this.records = records;
        this.files = files;
        this.detachment = detachment;
    }

    String perform(InstanceCommand.Revoke command, RunningOperation operation)
            throws IOException, InterruptedException {
        Assignment before = records.read().assignment();
        if (before != null && before.term() >= command.term() && !before.isDetached()) {
            return before.role() + " of this very term goes on";
        }
        if (before == null || !Files.exists(volume.data().resolve("PG_VERSION"))) {
            files.keepReplicationPasswordOnly(command.term());
            return "promised; there is no data";
        }
        Assignment detached = detachment.detach(before, command.term(), command.orderly(), operation);
        if (detached.unfinished() != Unfinished.NOTHING) {
            return "promised; the data is not whole and waits to be cloned anew";
        }
        operation.step("reading the log to its end");
        return "the log ends at " + detachment.end(detached, operation.cancellation());
    }
}
