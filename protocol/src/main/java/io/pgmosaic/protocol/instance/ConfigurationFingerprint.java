package io.pgmosaic.protocol.instance;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.TreeMap;
import java.util.TreeSet;

/** A short digest of a configuration's content, its sequence left out, to see whether an instance has it applied. */
public final class ConfigurationFingerprint {
    private ConfigurationFingerprint() {}

    /** The first 16 hexadecimal digits of a SHA-256 over the sorted content. */
    public static String of(PostgresConfiguration configuration) {
        StringBuilder text = new StringBuilder();
        new TreeMap<>(configuration.parameters())
                .forEach((name, value) ->
                        text.append(name).append('=').append(value).append('\n'));
        text.append("sync=").append(configuration.synchronousStandbyNames()).append('\n');
        new TreeSet<>(configuration.replicationSlots())
                .forEach(slot -> text.append("slot=").append(slot).append('\n'));
        text.append("clients=").append(configuration.acceptClients()).append('\n');
        text.append("lease=").append(configuration.lease().millis());
        text.append('/').append(configuration.lease().members());
        try {
            byte[] digest =
                    MessageDigest.getInstance("SHA-256").digest(text.toString().getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest, 0, 8);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
