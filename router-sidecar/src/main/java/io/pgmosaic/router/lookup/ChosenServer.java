package io.pgmosaic.router.lookup;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.pgmosaic.protocol.topology.Server;

/** The server to connect to. */
public record ChosenServer(String instance, String host, int port, Role role) {
    public enum Role {
        @JsonProperty("primary")
        PRIMARY,
        @JsonProperty("replica")
        REPLICA
    }

    static ChosenServer of(Server server, Role role) {
        return new ChosenServer(server.instance(), server.host(), server.port(), role);
    }
}
