package io.pgmosaic.instance.command;

import io.pgmosaic.instance.postgres.AppliedPosition;
import io.pgmosaic.instance.postgres.Postmaster;
import io.pgmosaic.instance.postgres.Sample;
import io.pgmosaic.instance.volume.Assignment;
import io.pgmosaic.instance.volume.DataInspection;
import io.pgmosaic.instance.volume.StoredState;
import io.pgmosaic.instance.volume.Unfinished;
import io.pgmosaic.instance.volume.UnreadableFileException;
import io.pgmosaic.instance.volume.Volume;
import io.pgmosaic.protocol.instance.AppliedConfiguration;
import io.pgmosaic.protocol.instance.DataDirectory;
import io.pgmosaic.protocol.instance.InstanceIdentity;
import io.pgmosaic.protocol.instance.InstanceRole;
import io.pgmosaic.protocol.instance.InstanceStatus;
import io.pgmosaic.protocol.instance.Operation;
import io.pgmosaic.protocol.instance.PostgresState;
import io.pgmosaic.protocol.instance.PostgresState.ServerState;
import io.pgmosaic.protocol.instance.WalReceiver;
import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/** Puts the status together from what is on the volume, the process, and the server's own answer. */
final class StatusReport {
    /** How old the server's last answer may be before it counts as not answering. */
    static final Duration SILENCE = Duration.ofSeconds(3);
    /** How long a question may stay without an answer before the server counts as not answering. */
    private static final Duration UNANSWERED = Duration.ofMillis(1500);

    private final InstanceIdentity identity;
    private final String managerVersion;
    private final int imageMajor;
    private final Volume volume;
    private final Postmaster postmaster;
    private final LogEnd logEnd;
    private final AppliedPosition position;
    private final ServerSampler sampler;
    private final Fencing fencing;
    private final Changes changes;
    private final String bootId = UUID.randomUUID().toString();

    StatusReport(
            InstanceIdentity identity,
            String managerVersion,
            int imageMajor,
            Volume volume,
            Postmaster postmaster,
            LogEnd logEnd,
            AppliedPosition position,
            ServerSampler sampler,
            Fencing fencing,
            Changes changes) {
        this.identity = identity;
        this.managerVersion = managerVersion;
        this.imageMajor = imageMajor;
        this.volume = volume;
        this.postmaster = postmaster;
        this.logEnd = logEnd;
        this.position = position;
        this.sampler = sampler;
        this.fencing = fencing;
        this.changes = changes;
    }

    String bootId() {
        return bootId;
    }

    InstanceStatus take(@Nullable Operation operation) {
        // Before anything is looked at, so that what changes meanwhile is a change after this one.
        long counted = changes.count();
        Instant now = Instant.now();
        StoredState stored;
        // The data first: what belongs to it was stored before it was put in place.
        DataDirectory data = DataInspection.inspect(volume, imageMajor, null);
        try {
            stored = StoredState.read(volume);
            data = data.withStoredIdentity(stored.identity());
        } catch (UnreadableFileException e) {
            stored = new StoredState(0, null, null);
            data = new DataDirectory(DataDirectory.State.UNREADABLE, null, null, null, e.getMessage());
        }
        PostgresState postgres = postgres(stored.assignment());
        long total = 0;
        long free = 0;
        try {
            FileStore store = Files.getFileStore(volume.root());
            total = store.getTotalSpace();
            free = store.getUsableSpace();
        } catch (IOException e) {
            data = new DataDirectory(
                    DataDirectory.State.UNREADABLE, null, null, stored.identity(), "cannot read the volume: " + e);
        }
        return new InstanceStatus(
                identity,
                bootId,
                managerVersion,
                imageMajor,
                stored.promisedTerm(),
                role(data, stored.assignment()),
                data,
                postgres,
                logEnd.known(),
                fencing.upstream(),
                fencing.leaseState(),
                operation,
                total,
                free,
                counted,
                now);
    }

    /** A standby is one until its promotion has come to its end, also when that was cut short. */
    private static InstanceRole role(DataDirectory data, @Nullable Assignment assignment) {
        return switch (data.state()) {
            case PRESENT, INCOMPATIBLE ->
                assignment == null
                        ? InstanceRole.NONE
                        : assignment.unfinished() == Unfinished.PROMOTION ? InstanceRole.STANDBY : assignment.role();
            case EMPTY, INCOMPLETE, UNKNOWN, UNREADABLE -> InstanceRole.NONE;
        };
    }

    private PostgresState postgres(@Nullable Assignment assignment) {
        ServerState state = postmaster.state();
        if (state != ServerState.RUNNING) {
            return notRunning(state, state == ServerState.STARTING || state == ServerState.STOPPING ? null : why());
        }
        Sample sample = sampler.take();
        Instant silentSince = sampler.silentSince();
        Instant started = postmaster.startedAt();
        boolean answered = sample != null && started != null && sample.takenAt().isAfter(started);
        boolean silent =
                silentSince != null && silentSince.isBefore(Instant.now().minus(UNANSWERED));
        if (sample == null || !answered || silent) {
            return notRunning(answered ? ServerState.UNRESPONSIVE : ServerState.STARTING, sampler.failure());
        }
        AppliedConfiguration configuration = sample.configuration();
        return new PostgresState(
                state,
                sample.term(),
                sample.timeline(),
                sample.writtenLsn(),
                sample.replayedLsn(),
                sample.replayLagMillis(),
                receiver(sample, assignment),
                sample.replicas(),
                sample.open(),
                configuration == null || sample.standby() ? configuration : configuration.at(position.current()),
                sampler.databaseBytes(),
                sample.startedAt(),
                sample.standby() && !streams(sample) ? postmaster.streamingComplaint() : null);
    }

    private static boolean streams(Sample sample) {
        return sample.receiver() != null && sample.receiver().streaming();
    }

    private static @Nullable WalReceiver receiver(Sample sample, @Nullable Assignment assignment) {
        if (!sample.standby()) {
            return null;
        }
        String upstream = assignment == null || assignment.upstream() == null
                ? ""
                : assignment.upstream().instance();
        Sample.Receiver receiver = sample.receiver();
        return receiver == null
                ? new WalReceiver(upstream, false, null, null)
                : new WalReceiver(upstream, receiver.streaming(), receiver.flushedLsn(), receiver.silenceMillis());
    }

    private String why() {
        String crash = postmaster.crash();
        String tail = postmaster.logTail();
        String fenced = fencing.reason();
        String what =
                fenced != null ? fenced : crash == null ? "PostgreSQL has not been started, or was stopped" : crash;
        return tail.isEmpty() ? what : what + "; the end of its log:\n" + tail;
    }

    private static PostgresState notRunning(ServerState state, @Nullable String message) {
        return new PostgresState(state, 0, 0, null, null, null, null, List.of(), false, null, null, null, message);
    }
}
