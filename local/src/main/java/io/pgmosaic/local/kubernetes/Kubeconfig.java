package io.pgmosaic.local.kubernetes;

import io.fabric8.kubernetes.api.model.ConfigBuilder;
import io.fabric8.kubernetes.client.utils.Serialization;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Kubeconfig files of APIs on this machine, whose certificates nobody signed. */
final class Kubeconfig {
    private static final String NAME = "pgmosaic-local";

    private Kubeconfig() {}

    /**
     * Writes a kubeconfig for {@code url} whose namespace is {@code default}.
     *
     * @param token empty for an API that asks nobody who they are
     */
    static void write(Path file, String url, String token) {
        var config = new ConfigBuilder()
                .withApiVersion("v1")
                .withKind("Config")
                .addNewCluster()
                .withName(NAME)
                .withNewCluster()
                .withServer(url)
                .withInsecureSkipTlsVerify(url.startsWith("https:") ? Boolean.TRUE : null)
                .endCluster()
                .endCluster()
                .addNewUser()
                .withName(NAME)
                .withNewUser()
                .withToken(token.isEmpty() ? null : token)
                .endUser()
                .endUser()
                .addNewContext()
                .withName(NAME)
                .withNewContext()
                .withCluster(NAME)
                .withUser(NAME)
                .withNamespace("default")
                .endContext()
                .endContext()
                .withCurrentContext(NAME)
                .build();
        try {
            Files.writeString(file, Serialization.asYaml(config));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + file, e);
        }
    }
}
