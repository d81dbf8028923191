package io.pgmosaic.protocol.instance;

import io.pgmosaic.protocol.Lsn;
import org.jspecify.annotations.Nullable;

import java.util.List;

/**
 * What PostgreSQL runs with, read back from the server, not remembered.
 *
 * @param fingerprint of the {@link PostgresConfiguration} last written, as {@link ConfigurationFingerprint} computes it
 * @param appliedLsn the end of the log when every process of the server had taken it; null on a standby, and while that is
 *     not known
 * @param pendingRestart parameters that were changed and need a restart
 */
public record AppliedConfiguration(
        long term,
        long sequence,
        String fingerprint,
        String synchronousStandbyNames,
        boolean acceptClients,
        @Nullable Lsn appliedLsn,
        List<String> pendingRestart) {

    public AppliedConfiguration {
        pendingRestart = List.copyOf(pendingRestart);
    }

    public AppliedConfiguration at(@Nullable Lsn position) {
        return new AppliedConfiguration(
                term, sequence, fingerprint, synchronousStandbyNames, acceptClients, position, pendingRestart);
    }
}
