package io.pgmosaic.protocol.topology;

import com.fasterxml.jackson.annotation.JsonCreator;
import org.jspecify.annotations.Nullable;

/**
 * A PostgreSQL server that clients can connect to.
 *
 * @param host the name or address to connect to
 * @param zone the zone of the node that it runs on; null when unknown, and from an operator that does not tell it
 */
public record Server(
        String instance, String host, int port, @Nullable String zone) {
    @JsonCreator
    public Server {}

    /** One of which no zone is known. */
    public Server(String instance, String host, int port) {
        this(instance, host, port, null);
    }
}
