package io.pgmosaic.operator.database;

/**
 * The server to connect to, and what it must say of itself.
 *
 * @param instance its pod's name, as {@code mosaic.instance} must say
 * @param term as {@code mosaic.term} must say
 * @param address the pod's IP
 * @param authorityPem the cluster's certificate authority, which must have signed its certificate
 */
public record DatabaseServer(String instance, long term, String address, int port, String authorityPem) {}
