package io.pgmosaic.local.chaos;

import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.client.KubernetesClient;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Base64;
import java.util.Objects;
import java.util.Properties;

/**
 * The way into the databases for one user. Nothing makes the server end a statement, except a wait for a lock: a commit whose
 * wait for its standbys is cancelled becomes visible without them. A client that has waited long enough hangs up instead.
 */
record Access(String user, String password, String database, Path authority) {
    private static final int CONNECT_SECONDS = 2;
    private static final int ANSWER_SECONDS = 2;

    /** The application's. */
    static Access application(KubernetesClient client, String namespace, String cluster, Path folder) {
        Path authority = folder.resolve("authority.crt");
        try {
            Files.writeString(authority, value(client, namespace, cluster + "-router", "postgres-ca.crt"));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + authority, e);
        }
        return new Access(
                value(client, namespace, cluster + "-app", "username"),
                value(client, namespace, cluster + "-app", "password"),
                value(client, namespace, cluster + "-app", "database"),
                authority);
    }

    /** The superuser's. */
    Access superuser(KubernetesClient client, String namespace, String cluster) {
        return new Access(
                "postgres",
                value(client, namespace, cluster + "-credentials", "superuser-password"),
                database,
                authority);
    }

    Connection connect(String host, int port) throws SQLException {
        Properties properties = new Properties();
        properties.setProperty("user", user);
        properties.setProperty("password", password);
        properties.setProperty("sslmode", "verify-ca");
        properties.setProperty("sslrootcert", authority.toString());
        properties.setProperty("connectTimeout", Integer.toString(CONNECT_SECONDS));
        properties.setProperty("socketTimeout", Integer.toString(ANSWER_SECONDS));
        properties.setProperty("preferQueryMode", "simple");
        properties.setProperty("options", "-c lock_timeout=2000");
        properties.setProperty("ApplicationName", "pgmosaic-chaos");
        return DriverManager.getConnection("jdbc:postgresql://" + host + ":" + port + "/" + database, properties);
    }

    private static String value(KubernetesClient client, String namespace, String secret, String key) {
        Secret found = Objects.requireNonNull(
                client.secrets().inNamespace(namespace).withName(secret).get(), () -> "no Secret " + secret);
        String encoded = Objects.requireNonNull(found.getData().get(key), () -> "Secret " + secret + " has no " + key);
        return new String(Base64.getDecoder().decode(encoded), StandardCharsets.UTF_8);
    }

    @Override
    public String toString() {
        return user + " of " + database;
    }
}
