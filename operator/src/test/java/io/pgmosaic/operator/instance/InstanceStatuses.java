package io.pgmosaic.operator.instance;

import io.pgmosaic.protocol.Lsn;
import io.pgmosaic.protocol.instance.AppliedConfiguration;
import io.pgmosaic.protocol.instance.DataDirectory;
import io.pgmosaic.protocol.instance.InstanceIdentity;
import io.pgmosaic.protocol.instance.InstanceRole;
import io.pgmosaic.protocol.instance.InstanceStatus;
import io.pgmosaic.protocol.instance.PostgresState;
import io.pgmosaic.protocol.instance.WalReceiver;
import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.List;

/** Statuses to vary in tests. */
public final class InstanceStatuses {
    public static final long TERM = 4;

    private InstanceStatuses() {}

    /** The primary of term {@link #TERM}, open to clients. */
    public static InstanceStatus running(InstanceIdentity identity) {
        return of(identity, InstanceRole.PRIMARY, TERM, postgres(PostgresState.ServerState.RUNNING, TERM, true, null));
    }

    /** A standby that follows {@code upstream} in term {@link #TERM}, 12 ms behind, open to clients. */
    public static InstanceStatus standby(InstanceIdentity identity, String upstream, boolean streams) {
        return of(
                identity,
                InstanceRole.STANDBY,
                TERM,
                postgres(
                        PostgresState.ServerState.RUNNING,
                        TERM,
                        true,
                        new WalReceiver(upstream, streams, Lsn.ZERO, 0L)));
    }

    public static InstanceStatus of(
            InstanceIdentity identity, InstanceRole role, long promised, PostgresState postgres) {
        return new InstanceStatus(
                identity,
                "boot",
                "test",
                17,
                promised,
                role,
                new DataDirectory(DataDirectory.State.PRESENT, "7300000000000000001", 17, identity, null),
                postgres,
                null,
                null,
                null,
                null,
                1_000,
                500,
                0,
                Instant.parse("2026-01-01T00:00:00Z"));
    }

    public static PostgresState postgres(
            PostgresState.ServerState state, long term, boolean acceptClients, @Nullable WalReceiver receiver) {
        boolean runs = state == PostgresState.ServerState.RUNNING;
        return new PostgresState(
                state,
                runs ? term : 0,
                1,
                Lsn.ZERO,
                receiver == null ? null : Lsn.ZERO,
                receiver == null ? null : 12L,
                receiver,
                List.of(),
                runs && acceptClients,
                runs ? new AppliedConfiguration(term, 1, "f", "", acceptClients, null, List.of()) : null,
                1L,
                runs ? Instant.EPOCH : null,
                runs ? null : "stopped");
    }
}
