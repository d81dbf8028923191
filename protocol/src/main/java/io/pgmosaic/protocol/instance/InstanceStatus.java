package io.pgmosaic.protocol.instance;

import org.jspecify.annotations.Nullable;

import java.time.Instant;

/**
 * Everything the operator knows of an instance comes from here.
 *
 * @param identity who the manager was started as
 * @param bootId new at every start of the manager
 * @param imageMajorVersion of the PostgreSQL binaries beside the manager
 * @param promisedTerm the highest term stored on the volume; 0 when none was
 * @param role of the data on the volume
 * @param operation null before the first command
 * @param volumeBytes size of the data volume's file system
 * @param volumeFreeBytes what is free on it
 * @param takenAt by the instance's clock
 */
public record InstanceStatus(
        InstanceIdentity identity,
        String bootId,
        String managerVersion,
        int imageMajorVersion,
        long promisedTerm,
        InstanceRole role,
        DataDirectory data,
        PostgresState postgres,
        @Nullable Operation operation,
        long volumeBytes,
        long volumeFreeBytes,
        Instant takenAt) {}
