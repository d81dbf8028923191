package io.pgmosaic.instance.postgres;

import io.pgmosaic.protocol.instance.AppliedConfiguration;
import io.pgmosaic.protocol.instance.ConfigurationFingerprint;
import io.pgmosaic.protocol.instance.PostgresConfiguration;
import org.jspecify.annotations.Nullable;

import java.util.List;

/**
 * The value of {@code mosaic.configuration}: which configuration the server has read. The server itself gives it back, so
 * a file that was written and never loaded is not mistaken for one that is in effect.
 */
public record Marker(long term, long sequence, String fingerprint, boolean acceptClients) {
    public static Marker of(long term, PostgresConfiguration configuration) {
        return new Marker(
                term,
                configuration.sequence(),
                ConfigurationFingerprint.of(configuration),
                configuration.acceptClients());
    }

    /** @return null when {@code text} is no marker */
    public static @Nullable Marker parse(String text) {
        String[] parts = text.split(":", -1);
        if (parts.length != 4) {
            return null;
        }
        try {
            return new Marker(
                    Long.parseLong(parts[0]), Long.parseLong(parts[1]), parts[2], Boolean.parseBoolean(parts[3]));
        } catch (NumberFormatException e) {
            return null;
        }
    }

    AppliedConfiguration applied(String synchronousStandbyNames, List<String> pendingRestart) {
        return new AppliedConfiguration(
                term, sequence, fingerprint, synchronousStandbyNames, acceptClients, null, pendingRestart);
    }

    @Override
    public String toString() {
        return term + ":" + sequence + ":" + fingerprint + ":" + acceptClients;
    }
}
