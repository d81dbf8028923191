package io.pgmosaic.instance.command;

import io.pgmosaic.instance.postgres.Cancellation;
import io.pgmosaic.instance.postgres.LogEndQuery;
import io.pgmosaic.instance.postgres.LogFiles;
import io.pgmosaic.instance.postgres.Poll;
import io.pgmosaic.instance.postgres.Postmaster;
import io.pgmosaic.instance.volume.Volume;
import io.pgmosaic.protocol.instance.LogPosition;
import io.pgmosaic.protocol.instance.PostgresState.ServerState;
import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;

/** The final end of the log of a standby that follows nobody; remembered until something may be added again. */
final class LogEnd {
    private final Volume volume;
    private final Postmaster postmaster;
    private final Server server;
    private volatile @Nullable LogPosition known;

    LogEnd(Volume volume, Postmaster postmaster, Server server) {
        this.volume = volume;
        this.postmaster = postmaster;
        this.server = server;
    }

    @Nullable
    LogPosition known() {
        return known;
    }

    /** To be called before anything can be added to the log. */
    void forget() {
        known = null;
    }

    /**
     * Looks once. On the owner thread, with a detached standby's server.
     *
     * @return null while it still reads what it has, or does not take connections
     */
    @Nullable
    LogPosition look() throws IOException, InterruptedException {
        LogPosition before = known;
        if (before != null || postmaster.state() != ServerState.RUNNING) {
            return before;
        }
        long latest = LogFiles.latestTimeline(volume.data());
        Optional<LogPosition> end = server.ask(connection -> LogEndQuery.run(connection, latest));
        known = end.orElse(null);
        return known;
    }

    /**
     * Waits for it as long as the server replays.
     *
     * @throws IOException when the server ended, or the time is over
     */
    LogPosition await(Duration patience, Cancellation cancellation) throws IOException, InterruptedException {
        boolean found = Poll.until(
                () -> {
                    cancellation.check();
                    if (!postmaster.alive()) {
                        throw new IOException("PostgreSQL ended: " + postmaster.logTail());
                    }
                    return look() != null;
                },
                patience);
        LogPosition end = known;
        if (!found || end == null) {
            throw new IOException("PostgreSQL has not come to the end of its log within " + patience.toMinutes()
                    + " min: " + postmaster.logTail());
        }
        return end;
    }
}
