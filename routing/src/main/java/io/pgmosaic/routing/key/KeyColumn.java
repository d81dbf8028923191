package io.pgmosaic.routing.key;

/** @param name unquoted SQL name */
public record KeyColumn(String name, KeyType type) {}
