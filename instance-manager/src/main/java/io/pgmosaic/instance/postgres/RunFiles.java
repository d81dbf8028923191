package io.pgmosaic.instance.postgres;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;

/**
 * Copies of certificates and passwords that PostgreSQL's programs read, mode 0600 and owned by this user, as the server
 * demands of its key; a mounted Secret is neither. Lost with the pod, written anew at every start.
 */
public final class RunFiles {
    private static final String PASSWORDS = "replication-*.pgpass";
    private final Path directory;

    public RunFiles(Path directory) {
        this.directory = directory;
    }

    public Path directory() {
        return directory;
    }

    Path certificate() {
        return directory.resolve("tls.crt");
    }

    Path key() {
        return directory.resolve("tls.key");
    }

    public Path authority() {
        return directory.resolve("ca.crt");
    }

    /** Of one term, so that a receiver that a revoke left without its file can log in nowhere. */
    Path passwords(long term) {
        return directory.resolve("replication-" + term + ".pgpass");
    }

    public void storeCertificates(String authority, String certificate, String key) throws IOException {
        replaceIfDifferent(authority(), authority);
        replaceIfDifferent(key(), key);
        replaceIfDifferent(certificate(), certificate);
    }

    /** Whether these are the ones that were stored last. */
    public boolean hasCertificates(String authority, String certificate, String key) throws IOException {
        return Files.readString(authority()).equals(authority)
                && Files.readString(certificate()).equals(certificate)
                && Files.readString(key()).equals(key);
    }

    /** Writes libpq's password file for connections to the upstream of a term. */
    public synchronized void storeReplicationPassword(long term, String password) throws IOException {
        replaceIfDifferent(passwords(term), line(password));
    }

    /** Takes a changed password into the files that are there, and makes none. */
    public synchronized void refreshReplicationPassword(String password) throws IOException {
        try (DirectoryStream<Path> existing = Files.newDirectoryStream(directory, PASSWORDS)) {
            for (Path file : existing) {
                replaceIfDifferent(file, line(password));
            }
        }
    }

    /** After this no connection to an upstream of another term can be opened. */
    public synchronized void keepReplicationPasswordOnly(long term) throws IOException {
        try (DirectoryStream<Path> existing = Files.newDirectoryStream(directory, PASSWORDS)) {
            for (Path file : existing) {
                if (!file.equals(passwords(term))) {
                    Files.deleteIfExists(file);
                }
            }
        }
    }

    private static String line(String password) {
        String escaped = password.replace("\\", "\\\\").replace(":", "\\:");
        return "*:*:*:" + Roles.REPLICATION + ":" + escaped + "\n";
    }

    private static void replaceIfDifferent(Path file, String content) throws IOException {
        try {
            if (Files.readString(file).equals(content)) {
                return;
            }
        } catch (NoSuchFileException first) {
            Files.createDirectories(file.toAbsolutePath().getParent());
        }
        Path beside = file.resolveSibling(file.getFileName() + ".new");
        Files.deleteIfExists(beside);
        Files.createFile(beside, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(beside, content);
        Files.move(beside, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
}
