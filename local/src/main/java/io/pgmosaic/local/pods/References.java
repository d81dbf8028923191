package io.pgmosaic.local.pods;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.client.KubernetesClient;
import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;

/** The objects that a pod refers to, in its namespace. */
final class References {
    private final KubernetesClient client;
    private final String namespace;

    References(KubernetesClient client, String namespace) {
        this.client = client;
        this.namespace = namespace;
    }

    /** The content of a Secret; empty when it is missing and {@code optional}. */
    Map<String, byte[]> secret(String name, @Nullable Boolean optional) throws MissingReference {
        Secret secret = client.secrets().inNamespace(namespace).withName(name).get();
        if (secret == null) {
            return missing("secret \"" + name + "\" not found", optional);
        }
        Map<String, byte[]> content = new HashMap<>();
        if (secret.getData() != null) {
            secret.getData()
                    .forEach(
                            (key, value) -> content.put(key, Base64.getDecoder().decode(value)));
        }
        return content;
    }

    /** The content of a ConfigMap; empty when it is missing and {@code optional}. */
    Map<String, byte[]> configMap(String name, @Nullable Boolean optional) throws MissingReference {
        ConfigMap map =
                client.configMaps().inNamespace(namespace).withName(name).get();
        if (map == null) {
            return missing("configmap \"" + name + "\" not found", optional);
        }
        Map<String, byte[]> content = new HashMap<>();
        if (map.getData() != null) {
            map.getData().forEach((key, value) -> content.put(key, value.getBytes(StandardCharsets.UTF_8)));
        }
        if (map.getBinaryData() != null) {
            map.getBinaryData()
                    .forEach(
                            (key, value) -> content.put(key, Base64.getDecoder().decode(value)));
        }
        return content;
    }

    /** A bound claim. */
    PersistentVolumeClaim claim(String name) throws MissingReference {
        PersistentVolumeClaim claim = client.persistentVolumeClaims()
                .inNamespace(namespace)
                .withName(name)
                .get();
        if (claim == null) {
            throw new MissingReference("persistentvolumeclaim \"" + name + "\" not found");
        }
        if (claim.getStatus() == null || !"Bound".equals(claim.getStatus().getPhase())) {
            throw new MissingReference("persistentvolumeclaim \"" + name + "\" is not bound");
        }
        return claim;
    }

    private static Map<String, byte[]> missing(String message, @Nullable Boolean optional) throws MissingReference {
        if (Boolean.TRUE.equals(optional)) {
            return Map.of();
        }
        throw new MissingReference(message);
    }
}
