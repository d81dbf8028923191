package io.pgmosaic.client.topology;

import org.jspecify.annotations.Nullable;

/**
 * A standby that serves reads.
 *
 * @param lagMillis as it was told last; null when unknown
 * @param position how far it had replayed then, with the term of the log that it replayed; null when unknown
 * @param near whether it is in the zone of the router beside this client
 */
public record ReplicaServer(
        ServerAddress server,
        @Nullable Long lagMillis,
        @Nullable Position position,
        boolean near) {}
