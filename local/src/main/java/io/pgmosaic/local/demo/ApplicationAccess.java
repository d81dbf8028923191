package io.pgmosaic.local.demo;

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
import java.util.Properties;

/**
 * How an application gets into a cluster's databases: user, password and the authority that signed the servers'
 * certificates, from the cluster's Secrets.
 *
 * @param authority file with the certificate of the cluster's authority
 */
public record ApplicationAccess(String user, String password, String database, Path authority) {
    /**
     * Reads the Secrets.
     *
     * @param folder where the authority's certificate is written to
     */
    public static ApplicationAccess read(KubernetesClient client, String namespace, String cluster, Path folder)
            throws StepFailed {
        Path authority = folder.resolve(cluster + "-ca.crt");
        try {
            Files.writeString(authority, value(client, namespace, cluster + "-router", "postgres-ca.crt"));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + authority, e);
        }
        return new ApplicationAccess(
                value(client, namespace, cluster + "-app", "username"),
                value(client, namespace, cluster + "-app", "password"),
                value(client, namespace, cluster + "-app", "database"),
                authority);
    }

    /** The same cluster's way in for its superuser, to see what applications may not. */
    public ApplicationAccess asSuperuser(KubernetesClient client, String namespace, String cluster) throws StepFailed {
        String secret = value(client, namespace, cluster + "-credentials", "superuser-password");
        return new ApplicationAccess("postgres", secret, database, authority);
    }

    /** A connection over TLS, to a server whose certificate the cluster's authority signed. */
    Connection connect(RouterClient.Target target) throws SQLException {
        Properties properties = new Properties();
        properties.setProperty("user", user);
        properties.setProperty("password", password);
        properties.setProperty("sslmode", "verify-ca");
        properties.setProperty("sslrootcert", authority.toString());
        properties.setProperty("connectTimeout", "10");
        properties.setProperty("socketTimeout", "30");
        properties.setProperty("ApplicationName", "pgmosaic-demo");
        return DriverManager.getConnection(
                "jdbc:postgresql://" + target.host() + ":" + target.port() + "/" + database, properties);
    }

    private static String value(KubernetesClient client, String namespace, String secret, String key)
            throws StepFailed {
        Secret found = client.secrets().inNamespace(namespace).withName(secret).get();
        if (found == null || found.getData() == null || !found.getData().containsKey(key)) {
            throw new StepFailed("Secret " + secret + " has no " + key);
        }
        return new String(Base64.getDecoder().decode(found.getData().get(key)), StandardCharsets.UTF_8);
    }

    @Override
    public String toString() {
        return "user " + user + " of database " + database;
    }
}
