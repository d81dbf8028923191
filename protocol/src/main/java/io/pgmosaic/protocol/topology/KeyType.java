package io.pgmosaic.protocol.topology;

/** How a key column's value is hashed, and how it is written in a request. */
public enum KeyType {
    /** smallint, integer and bigint: all hash as bigint. */
    BIGINT,
    /** text and varchar, hashed as UTF-8 bytes. */
    TEXT,
    UUID
}
