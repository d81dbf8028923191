package io.pgmosaic.protocol.instance;

/**
 * The server that a standby streams from.
 *
 * @param instance its pod's name
 * @param host the DNS name that its certificate is checked against
 * @param address the IP address to connect to
 * @param port of PostgreSQL
 * @param managerPort of its instance manager
 */
public record Upstream(String instance, String host, String address, int port, int managerPort) {}
