package io.pgmosaic.instance.postgres;

import io.pgmosaic.instance.volume.Assignment;
import io.pgmosaic.instance.volume.DurableFiles;
import io.pgmosaic.protocol.instance.InstanceRole;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** Writes what the server reads at start and reload into a data directory. */
public final class ConfigurationFiles {
    private static final String MAIN = "postgresql.conf";
    private static final String ACCESS = "pg_hba.conf";

    private ConfigurationFiles() {}

    /** @param text of {@code postgresql.conf} */
    public static void write(Path data, String text, Assignment assignment) throws IOException {
        put(data, ACCESS, AccessRules.text(assignment.admitsApplications()));
        // ALTER SYSTEM would win over everything that the operator says; see PostgresVersion for newer servers.
        put(data, "postgresql.auto.conf", "");
        put(data, "pg_ident.conf", "");
        put(data, MAIN, text);
        if (assignment.role() == InstanceRole.STANDBY) {
            markStandby(data);
        }
    }

    /** Makes a server that starts on the data a standby. */
    public static void markStandby(Path data) throws IOException {
        put(data, "standby.signal", "");
    }

    /** What {@link #restore} puts back. */
    public static Saved save(Path data) throws IOException {
        return new Saved(Files.readString(data.resolve(MAIN)), Files.readString(data.resolve(ACCESS)));
    }

    public static void restore(Path data, Saved saved) throws IOException {
        put(data, ACCESS, saved.access());
        put(data, MAIN, saved.main());
    }

    public record Saved(String main, String access) {}

    private static void put(Path data, String name, String text) throws IOException {
        Path file = data.resolve(name);
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        try {
            if (java.util.Arrays.equals(Files.readAllBytes(file), bytes)) {
                return;
            }
        } catch (NoSuchFileException first) {
            // Absent and empty differ for standby.signal, so an absent file is always written.
            DurableFiles.replace(file, bytes);
            return;
        }
        DurableFiles.replace(file, bytes);
    }
}
