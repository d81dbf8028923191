package io.pgmosaic.instance.postgres;

import java.net.InetAddress;

/** Where this instance's PostgreSQL listens. */
public record Endpoint(InetAddress address, int port) {
    String host() {
        return address.getHostAddress();
    }
}
