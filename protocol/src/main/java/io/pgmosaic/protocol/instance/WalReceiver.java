package io.pgmosaic.protocol.instance;

import io.pgmosaic.protocol.Lsn;
import org.jspecify.annotations.Nullable;

/**
 * A standby's connection to its upstream ({@code pg_stat_wal_receiver}).
 *
 * @param upstream the instance that it was told to follow
 * @param streaming whether the receiver's status is {@code streaming} and the upstream has sent something in this connection
 * @param silenceMillis time since the upstream's last message; null before the first one
 */
public record WalReceiver(
        String upstream,
        boolean streaming,
        @Nullable Lsn flushedLsn,
        @Nullable Long silenceMillis) {}
