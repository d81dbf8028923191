package io.pgmosaic.local.chaos;

import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.pgmosaic.checker.Access;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Objects;

/** The users of a cluster, as its Secrets have them. */
final class Accounts {
    private final KubernetesClient client;
    private final String namespace;
    private final String cluster;
    private final Path authority;

    /** @param folder in which the certificate of the servers' authority is written down */
    Accounts(KubernetesClient client, String namespace, String cluster, Path folder) {
        this.client = client;
        this.namespace = namespace;
        this.cluster = cluster;
        this.authority = folder.resolve("authority.crt");
        try {
            Files.writeString(authority, value(cluster + "-router", "postgres-ca.crt"));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + authority, e);
        }
    }

    Access application() {
        String secret = cluster + "-app";
        return new Access(value(secret, "username"), value(secret, "password"), database(), authority);
    }

    Access superuser() {
        return new Access("postgres", value(cluster + "-credentials", "superuser-password"), database(), authority);
    }

    private String database() {
        return value(cluster + "-app", "database");
    }

    private String value(String secret, String key) {
        Secret found = Objects.requireNonNull(
                client.secrets().inNamespace(namespace).withName(secret).get(), () -> "no Secret " + secret);
        String encoded = Objects.requireNonNull(found.getData().get(key), () -> "Secret " + secret + " has no " + key);
        return new String(Base64.getDecoder().decode(encoded), StandardCharsets.UTF_8);
    }
}
