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
 * @param logEnd the final end of the log that this instance holds: known only once a term was promised and nothing streams
 *     into it any more, and then unchanged until it is told to follow or is promoted; null otherwise
 * @param upstream what a standby's manager hears from the manager of the instance it follows; null on others
 * @param lease of a primary that has one; null otherwise
 * @param operation null before the first command
 * @param volumeBytes size of the data volume's file system
 * @param volumeFreeBytes what is free on it
 * @param changes goes up, within a boot, with everything that is worth telling at once; a status request that names the last
 *     one it has seen waits for the next
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
        @Nullable LogPosition logEnd,
        @Nullable UpstreamContact upstream,
        @Nullable LeaseState lease,
        @Nullable Operation operation,
        long volumeBytes,
        long volumeFreeBytes,
        long changes,
        Instant takenAt) {}
