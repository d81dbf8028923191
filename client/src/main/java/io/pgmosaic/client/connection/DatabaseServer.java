package io.pgmosaic.client.connection;

/**
 * A server to connect to. Its role is not told, since it changes.
 *
 * @param instance its name in the cluster
 * @param host the name or address to connect to
 */
public record DatabaseServer(String shard, String instance, String host, int port, String database) {}
