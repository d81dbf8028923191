package io.pgmosaic.client.topology;

/**
 * A PostgreSQL server.
 *
 * @param instance its name in the cluster
 * @param host the name or address to connect to
 */
public record ServerAddress(String instance, String host, int port) {}
