package io.pgmosaic.local.demo;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.pgmosaic.local.platform.PostgresInstallation;
import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/**
 * A ShardedCluster from a file, made to fit this machine.
 *
 * @param version PostgreSQL's major version that it asks for now
 * @param asked the version that the file asks for
 */
public record Manifest(GenericKubernetesResource cluster, int version, int asked) {
    /**
     * Reads a file. The namespace is {@code default} unless it names one; a PostgreSQL that is not installed here is
     * replaced by the newest that is.
     */
    public static Manifest read(Path file) {
        GenericKubernetesResource cluster;
        try (InputStream yaml = Files.newInputStream(file)) {
            cluster = Serialization.unmarshal(yaml, GenericKubernetesResource.class);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file, e);
        }
        if (cluster.getMetadata().getNamespace() == null) {
            cluster.getMetadata().setNamespace("default");
        }
        Map<String, Object> spec = copy(cluster.getAdditionalProperties().get("spec"));
        Map<String, Object> postgres = copy(spec.get("postgres"));
        int asked = ((Number) postgres.getOrDefault("version", 0)).intValue();
        int version = PostgresInstallation.find(asked)
                .orElseGet(PostgresInstallation::newest)
                .version();
        postgres.put("version", version);
        spec.put("postgres", postgres);
        cluster.setAdditionalProperty("spec", spec);
        return new Manifest(cluster, version, asked);
    }

    public String namespace() {
        return cluster.getMetadata().getNamespace();
    }

    public String name() {
        return cluster.getMetadata().getName();
    }

    private static Map<String, Object> copy(@Nullable Object map) {
        Map<String, Object> copy = new HashMap<>();
        if (map instanceof Map<?, ?> given) {
            given.forEach((key, value) -> copy.put(String.valueOf(key), value));
        }
        return copy;
    }
}
