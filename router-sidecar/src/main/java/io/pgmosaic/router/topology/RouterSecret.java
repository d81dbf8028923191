package io.pgmosaic.router.topology;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;

/** What the operator gave the router: whom to trust, in PEM, and who it is. */
record RouterSecret(String caPem, String token) {
    private static final Pattern TOKEN = Pattern.compile("[\\x21-\\x7e]{1,4096}");

    /** @throws IOException when a file cannot be read or holds no token; the message names the file */
    static RouterSecret read(Path directory) throws IOException {
        Path tokenFile = directory.resolve("token");
        String token = Files.readString(tokenFile).strip();
        if (!TOKEN.matcher(token).matches()) {
            throw new IOException(tokenFile + " holds no token");
        }
        return new RouterSecret(Files.readString(directory.resolve("ca.crt")), token);
    }

    @Override
    public String toString() {
        return "RouterSecret";
    }
}
