package io.pgmosaic.instance.postgres;

import io.pgmosaic.instance.volume.Assignment;
import io.pgmosaic.protocol.Lsn;
import io.pgmosaic.protocol.instance.AppliedConfiguration;
import io.pgmosaic.protocol.instance.ConfigurationFingerprint;
import org.jspecify.annotations.Nullable;

import java.util.List;

/**
 * The value of {@code mosaic.configuration}: which configuration the server has read. The server itself gives it back, so
 * a file that was written and never loaded is not mistaken for one that is in effect.
 *
 * @param closed whether this is a primary that keeps applications out until it is opened
 */
public record Marker(long term, long sequence, String fingerprint, boolean acceptClients, boolean closed) {
    public static Marker of(Assignment assignment) {
        return new Marker(
                assignment.term(),
                assignment.configuration().sequence(),
                ConfigurationFingerprint.of(assignment.configuration()),
                assignment.configuration().acceptClients(),
                assignment.closed());
    }

    /** @return null when {@code text} is no marker */
    public static @Nullable Marker parse(String text) {
        String[] parts = text.split(":", -1);
        if (parts.length != 5) {
            return null;
        }
        try {
            return new Marker(
                    Long.parseLong(parts[0]),
                    Long.parseLong(parts[1]),
                    parts[2],
                    Boolean.parseBoolean(parts[3]),
                    Boolean.parseBoolean(parts[4]));
        } catch (NumberFormatException e) {
            return null;
        }
    }

    AppliedConfiguration applied(
            String synchronousStandbyNames, @Nullable Lsn appliedLsn, List<String> pendingRestart) {
        return new AppliedConfiguration(
                term, sequence, fingerprint, synchronousStandbyNames, acceptClients, appliedLsn, pendingRestart);
    }

    @Override
    public String toString() {
        return term + ":" + sequence + ":" + fingerprint + ":" + acceptClients + ":" + closed;
    }
}
