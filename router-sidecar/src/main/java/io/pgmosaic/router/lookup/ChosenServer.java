package io.pgmosaic.router.lookup;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.pgmosaic.protocol.topology.Server;
import org.jspecify.annotations.Nullable;

/**
 * The server to connect to.
 *
 * @param zone in which it runs; null when unknown
 */
public record ChosenServer(
        String instance,
        String host,
        int port,
        Role role,
        @Nullable String zone) {
    public enum Role {
        @JsonProperty("primary")
        PRIMARY,
        @JsonProperty("replica")
        REPLICA
    }

    static ChosenServer of(Server server, Role role) {
        return new ChosenServer(server.instance(), server.host(), server.port(), role, server.zone());
    }
}
