package io.pgmosaic.local.bench.patroni;

import java.util.Map;
import java.util.Properties;
import java.util.UUID;

/** The users that a Patroni cluster needs, one password for all of them. */
record Credentials(String password) {
    static Credentials random() {
        return new Credentials(UUID.randomUUID().toString());
    }

    /** For {@code postgresql.authentication}. */
    Map<String, Map<String, String>> authentication() {
        return Map.of(
                "superuser", Map.of("username", "postgres", "password", password),
                "replication", Map.of("username", "replicator", "password", password));
    }

    /** For a client that is the superuser. */
    Properties superuser() {
        Properties properties = new Properties();
        properties.setProperty("user", "postgres");
        properties.setProperty("password", password);
        properties.setProperty("sslmode", "disable");
        return properties;
    }

    @Override
    public String toString() {
        return "credentials";
    }
}
