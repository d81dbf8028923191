package io.pgmosaic.instance.command;

import io.pgmosaic.instance.postgres.ConfigurationFiles;
import io.pgmosaic.instance.postgres.LogFiles;
import io.pgmosaic.instance.postgres.Postmaster;
import io.pgmosaic.instance.postgres.ProgramFailedException;
import io.pgmosaic.instance.postgres.Rewind;
import io.pgmosaic.instance.postgres.TimelineHistory;
import io.pgmosaic.instance.postgres.UpstreamServer;
import io.pgmosaic.instance.volume.Assignment;
import io.pgmosaic.instance.volume.StoredState;
import io.pgmosaic.instance.volume.Unfinished;
import io.pgmosaic.instance.volume.Volume;
import io.pgmosaic.protocol.Lsn;
import io.pgmosaic.protocol.instance.InstanceCommand;
import io.pgmosaic.protocol.instance.InstanceIdentity;
import io.pgmosaic.protocol.instance.InstanceRole;
import io.pgmosaic.protocol.instance.LogPosition;
import io.pgmosaic.protocol.instance.Upstream;
import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.file.Files;

/**
 * Brings the instance behind an upstream by the cheapest way there is: the running server only looks elsewhere for its log;
 * or its data is rewound first; or it is copied anew.
 */
final class Following {
    private static final System.Logger LOG = System.getLogger(Following.class.getName());

    private final InstanceIdentity identity;
    private final Volume volume;
    private final Records records;
    private final Server server;
    private final Postmaster postmaster;
    private final LogEnd logEnd;
    private final Detachment detachment;
    private final UpstreamServer upstreams;
    private final Rewind rewind;
    private final Clone clone;

    Following(
            InstanceIdentity identity,
            Volume volume,
            Records records,
            Server server,
            Postmaster postmaster,
            LogEnd logEnd,
            Detachment detachment,
            UpstreamServer upstreams,
            Rewind rewind,
            Clone clone) {
        this.identity = identity;
        this.volume = volume;
        this.records = records;
        this.server = server;
        this.postmaster = postmaster;
        this.logEnd = logEnd;
        this.detachment = detachment;
        this.upstreams = upstreams;
        this.rewind = rewind;
        this.clone = clone;
    }

    String perform(InstanceCommand.Follow command, RunningOperation operation)
            throws IOException, InterruptedException {
        Assignment wanted =
                Assignment.standby(command.term(), command.upstream(), command.slot(), command.configuration());
        StoredState stored = StoredState.whatIsReadable(volume);
        prepare(command, wanted, stored, operation);
        logEnd.forget();
        records.store(wanted);
        boolean ready = server.bring(wanted, operation);
        String reached = "follows " + command.upstream().instance() + " in term " + command.term();
        return ready ? reached : reached + "; still replays its log";
    }

    private void prepare(
            InstanceCommand.Follow command, Assignment wanted, StoredState stored, RunningOperation operation)
            throws IOException, InterruptedException {
        Assignment before = stored.assignment();
        boolean useless = !Files.exists(volume.data().resolve("PG_VERSION"))
                || before == null
                || before.unfinished() == Unfinished.REWIND
                || before.unfinished() == Unfinished.CLONE
                || (command.replaceData()
                        && (operation.untrusted() || !stored.whole() || postmaster.streamingComplaint() != null));
        if (before == null || useless) {
            logEnd.forget();
            clone.make(command, wanted, operation);
        } else if (!followsAlready(before, command)) {
            comeFrom(before, command, wanted, operation);
        }
    }

    /** In one term there is one primary, so nothing has parted from it that followed it before. */
    private static boolean followsAlready(Assignment before, InstanceCommand.Follow command) {
        @Nullable Upstream upstream = before.upstream();
        return before.role() == InstanceRole.STANDBY
                && before.term() == command.term()
                && upstream != null
                && upstream.instance().equals(command.upstream().instance());
    }

    private void comeFrom(
            Assignment before, InstanceCommand.Follow command, Assignment wanted, RunningOperation operation)
            throws IOException, InterruptedException {
        operation.step("reading the log to its end");
        Assignment detached = detachment.detach(before, command.term(), false, operation);
        LogPosition end;
        try {
            end = detachment.end(detached, operation.cancellation());
        } catch (IOException e) {
            if (!command.replaceData()) {
                throw e;
            }
            LOG.log(System.Logger.Level.WARNING, "the data cannot be started, it is cloned anew: {0}", e.getMessage());
            clone.make(command, wanted, operation);
            return;
        }
        TimelineHistory history = upstreams.history(command.upstream(), command.systemIdentifier());
        if (history.partedFrom(end)) {
            rewindOrClone(command, wanted, end, history, operation);
        } else {
            Lsn left = history.ends().get(end.timeline());
            if (left != null && LogFiles.fillsSegmentOf(volume.data(), end.timeline(), left)) {
                operation.step("cutting the log");
                server.stop();
                LogFiles.cut(volume.data(), end.timeline(), left);
            }
        }
    }

    private void rewindOrClone(
            InstanceCommand.Follow command,
            Assignment wanted,
            LogPosition end,
            TimelineHistory history,
            RunningOperation operation)
            throws IOException, InterruptedException {
        LOG.log(System.Logger.Level.INFO, "the log ends at {0}, which the upstream''s has not; rewinding", end);
        operation.step("rewinding");
        upstreams.settleTimeline(command.upstream(), history.timeline());
        server.stop();
        server.passwords(wanted);
        try {
            String instance = identity.instance();
            rewind.rehearse(volume.data(), command.upstream(), instance, command.term(), operation.cancellation());
            logEnd.forget();
            records.store(wanted.with(Unfinished.REWIND));
            rewind.run(volume.data(), command.upstream(), instance, command.term(), operation.cancellation());
            // When nothing but a part of a record has parted, nothing is rewound.
            Lsn left = history.ends().get(end.timeline());
            if (left != null) {
                LogFiles.cut(volume.data(), end.timeline(), left);
            }
            // Before the mark is taken away, so that the data is never started as anything but a standby.
            ConfigurationFiles.write(volume.data(), server.text(wanted), wanted);
        } catch (ProgramFailedException e) {
            if (e.output().contains("connection to server")) {
                throw e;
            }
            LOG.log(System.Logger.Level.WARNING, "cannot rewind, the data is cloned anew: {0}", e.getMessage());
            clone.make(command, wanted, operation);
        }
    }
}
