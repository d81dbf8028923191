package io.pgmosaic.protocol.topology;

/**
 * A PostgreSQL server that clients can connect to.
 *
 * @param host the name or address to connect to
 */
public record Server(String instance, String host, int port) {}
