package io.pgmosaic.instance.command;

import io.pgmosaic.instance.postgres.Cancellation;
import io.pgmosaic.instance.postgres.Postmaster;
import io.pgmosaic.instance.postgres.RunFiles;
import io.pgmosaic.instance.volume.Assignment;
import io.pgmosaic.instance.volume.Unfinished;
import io.pgmosaic.protocol.instance.InstanceRole;
import io.pgmosaic.protocol.instance.LogPosition;

import java.io.IOException;
import java.time.Duration;

/**
 * Makes of whatever this instance was a standby that follows nobody: it serves nothing and confirms nothing, and its log has
 * an end that does not change. The term was promised before.
 */
final class Detachment {
    private static final Duration RECEIVER_PATIENCE = Duration.ofSeconds(20);
    private static final Duration REPLAY_PATIENCE = Duration.ofHours(6);

    private final Records records;
    private final RunFiles files;
    private final Server server;
    private final Postmaster postmaster;
    private final LogEnd logEnd;

    Detachment(Records records, RunFiles files, Server server, Postmaster postmaster, LogEnd logEnd) {
        this.records = records;
        this.files = files;
        this.server = server;
        this.postmaster = postmaster;
        this.logEnd = logEnd;
    }

    /**
     * Ends what serves a lower term. Can be repeated.
     *
     * @param orderly whether a primary may take the time of a checkpoint and a fast shutdown
     * @return what the instance is now
     */
    Assignment detach(Assignment before, long term, boolean orderly, RunningOperation operation)
            throws IOException, InterruptedException {
        Assignment detached =
                before.isDetached() && before.term() == term ? before.withStopped(false) : before.detached(term);
        if (before.role() == InstanceRole.PRIMARY) {
            stopPrimary(orderly, operation);
        }
        if (!before.isDetached()) {
            logEnd.forget();
        }
        files.keepReplicationPasswordOnly(term);
        records.store(detached);
        if (postmaster.alive()) {
            server.write(detached);
            if (!postmaster.endReceivers(RECEIVER_PATIENCE)) {
                throw new IOException("a WAL receiver does not end");
            }
        }
        return detached;
    }

    /** The end of the log of a detached standby, whose server is started when it does not run. */
    LogPosition end(Assignment detached, Cancellation cancellation) throws IOException, InterruptedException {
        if (detached.unfinished() != Unfinished.NOTHING || !detached.isDetached()) {
            throw new IllegalStateException("not a sound detached standby: " + detached);
        }
        LogPosition known = logEnd.known();
        if (known != null) {
            return known;
        }
        cancellation.check();
        if (!postmaster.alive()) {
            server.launch(detached);
        }
        return logEnd.await(REPLAY_PATIENCE, cancellation);
    }

    private void stopPrimary(boolean orderly, RunningOperation operation) throws IOException, InterruptedException {
        if (!orderly) {
            operation.step("immediate shutdown");
            server.stopAtOnce();
            return;
        }
        if (postmaster.alive()) {
            operation.step("checkpoint");
            server.checkpoint();
        }
        operation.step("fast shutdown");
        server.stop();
    }
}
