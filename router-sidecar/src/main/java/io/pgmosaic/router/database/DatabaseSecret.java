package io.pgmosaic.router.database;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What the router logs in with.
 *
 * @param authorityPem of the cluster, which must have signed a server's certificate
 */
record DatabaseSecret(String authorityPem, String password) {
    private static final String AUTHORITY = "postgres-ca.crt";
    private static final String PASSWORD = "database-password";

    /** @throws IOException when a file cannot be read or is empty; the message names it */
    static DatabaseSecret read(Path directory) throws IOException {
        return new DatabaseSecret(text(directory.resolve(AUTHORITY)), text(directory.resolve(PASSWORD)));
    }

    private static String text(Path file) throws IOException {
        String text = Files.readString(file).strip();
        if (text.isEmpty()) {
            throw new IOException(file + " is empty");
        }
        return text;
    }

    @Override
    public String toString() {
        return "DatabaseSecret";
    }
}
