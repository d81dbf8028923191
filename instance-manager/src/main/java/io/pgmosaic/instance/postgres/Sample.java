package io.pgmosaic.instance.postgres;

import io.pgmosaic.protocol.Lsn;
import io.pgmosaic.protocol.instance.AppliedConfiguration;
import io.pgmosaic.protocol.instance.ReplicaConnection;
import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.List;

/**
 * What the server said of itself at one moment; the fields mean what those of {@code PostgresState} do.
 *
 * @param receiver null on a primary, and on a standby whose receiver does not run
 */
public record Sample(
        Instant takenAt,
        boolean standby,
        long term,
        long timeline,
        @Nullable Lsn writtenLsn,
        @Nullable Lsn replayedLsn,
        @Nullable Long replayLagMillis,
        @Nullable Receiver receiver,
        List<ReplicaConnection> replicas,
        boolean open,
        @Nullable AppliedConfiguration configuration,
        Instant startedAt) {

    /** The row of {@code pg_stat_wal_receiver}. */
    public record Receiver(
            boolean streaming,
            @Nullable Lsn flushedLsn,
            @Nullable Long silenceMillis) {}
}
