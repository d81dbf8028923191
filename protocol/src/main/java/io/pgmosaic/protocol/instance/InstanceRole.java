package io.pgmosaic.protocol.instance;

/** The role that the volume's data is in, also while PostgreSQL is stopped. */
public enum InstanceRole {
    /** No data, or a first base backup that has not finished. */
    NONE,
    PRIMARY,
    STANDBY
}
