package io.pgmosaic.protocol.instance;

import java.util.List;

/**
 * What PostgreSQL runs with, read back from the server, not remembered.
 *
 * @param fingerprint of the {@link PostgresConfiguration} last written, as {@link ConfigurationFingerprint} computes it
 * @param pendingRestart parameters that were changed and need a restart
 */
public record AppliedConfiguration(
        long term,
        long sequence,
        String fingerprint,
        String synchronousStandbyNames,
        boolean acceptClients,
        List<String> pendingRestart) {

    public AppliedConfiguration {
        pendingRestart = List.copyOf(pendingRestart);
    }
}
