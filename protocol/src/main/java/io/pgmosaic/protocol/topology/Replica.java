package io.pgmosaic.protocol.topology;

import org.jspecify.annotations.Nullable;

/**
 * A standby that answers reads.
 *
 * @param lagMillis how far its data is behind the primary's; null when that is unknown, and then it serves no read that
 *     bounds its staleness
 */
public record Replica(Server server, @Nullable Long lagMillis) {}
