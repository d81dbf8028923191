package io.pgmosaic.protocol.instance;

import io.pgmosaic.protocol.Lsn;
import org.jspecify.annotations.Nullable;

/**
 * One row of the primary's {@code pg_stat_replication}.
 *
 * @param instance the standby's {@code application_name}
 * @param state as PostgreSQL names it: startup, catchup, streaming, backup, stopping
 * @param syncState as PostgreSQL names it: async, potential, sync, quorum
 * @param replayLagMillis null while there is nothing to measure
 */
public record ReplicaConnection(
        String instance,
        String state,
        String syncState,
        @Nullable Lsn sentLsn,
        @Nullable Lsn flushLsn,
        @Nullable Lsn replayLsn,
        @Nullable Long replayLagMillis) {}
