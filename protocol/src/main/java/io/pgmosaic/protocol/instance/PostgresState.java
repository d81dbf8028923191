package io.pgmosaic.protocol.instance;

import io.pgmosaic.protocol.Lsn;
import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.List;

/**
 * PostgreSQL as the manager sees it now.
 *
 * @param term the server's {@code mosaic.term}; 0 while it is not running
 * @param timeline 0 when unknown
 * @param writtenLsn on a primary the flushed end of its log; on a standby the end it has received and flushed; null when
 *     unknown
 * @param replayedLsn on a standby the end it has replayed
 * @param replayLagMillis on a standby: time since the last replayed commit, 0 when everything received is replayed and
 *     the receiver streams; null when that cannot be said
 * @param receiver null on a primary
 * @param replicas empty on a standby
 * @param open whether applications are admitted now
 * @param configuration null while the server is not running
 * @param databaseBytes size of all databases; null when unknown
 * @param message why it is not running, for a person, with the end of PostgreSQL's log; of a standby that runs, why it
 *     cannot stream when its upstream has no longer what it needs; null otherwise
 */
public record PostgresState(
        ServerState state,
        long term,
        long timeline,
        @Nullable Lsn writtenLsn,
        @Nullable Lsn replayedLsn,
        @Nullable Long replayLagMillis,
        @Nullable WalReceiver receiver,
        List<ReplicaConnection> replicas,
        boolean open,
        @Nullable AppliedConfiguration configuration,
        @Nullable Long databaseBytes,
        @Nullable Instant startedAt,
        @Nullable String message) {

    public PostgresState {
        replicas = List.copyOf(replicas);
    }

    public enum ServerState {
        STOPPED,
        /** The process is there and does not take connections yet, or not any more. */
        STARTING,
        RUNNING,
        /** It took connections, and has not answered the manager for a while. */
        UNRESPONSIVE,
        STOPPING,
        /** It ended without having been told to. */
        CRASHED
    }
}
