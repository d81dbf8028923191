package io.pgmosaic.router.lookup;

import io.pgmosaic.protocol.topology.Replica;
import org.jspecify.annotations.Nullable;

/**
 * A replica as an answer shows it.
 *
 * @param lagMillis null when unknown
 * @param zone null when unknown
 */
public record ReplicaAnswer(
        String instance,
        String host,
        int port,
        @Nullable Long lagMillis,
        @Nullable String zone) {
    /** Without its key in the answer when the lag is unknown. */
    public static ReplicaAnswer of(Replica replica) {
        return new ReplicaAnswer(
                replica.server().instance(),
                replica.server().host(),
                replica.server().port(),
                replica.lagMillis(),
                replica.server().zone());
    }
}
