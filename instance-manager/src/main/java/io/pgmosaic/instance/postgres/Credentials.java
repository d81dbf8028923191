package io.pgmosaic.instance.postgres;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The passwords of the product's roles, read from their files whenever one is needed, so that they can be changed. */
public final class Credentials {
    private final Path directory;

    public Credentials(Path directory) {
        this.directory = directory;
    }

    public String superuser() throws IOException {
        return read("superuser-password");
    }

    public String manager() throws IOException {
        return read("manager-password");
    }

    public String replication() throws IOException {
        return read("replication-password");
    }

    private String read(String name) throws IOException {
        Path file = directory.resolve(name);
        String text = Files.readString(file);
        String password = text.endsWith("\n") ? text.substring(0, text.length() - 1) : text;
        if (password.isEmpty() || password.chars().anyMatch(c -> c < ' ')) {
            throw new IOException(file + " is empty or holds control characters");
        }
        return password;
    }
}
