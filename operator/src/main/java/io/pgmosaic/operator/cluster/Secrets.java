package io.pgmosaic.operator.cluster;

import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.pgmosaic.operator.pki.CertifiedKey;

import java.net.HttpURLConnection;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Reads and writes Secrets. What was generated once is never generated again over it. */
public final class Secrets {
    public static final String CERTIFICATE = "tls.crt";
    public static final String KEY = "tls.key";
    public static final String AUTHORITY = "ca.crt";

    private final KubernetesClient client;

    public Secrets(KubernetesClient client) {
        this.client = client;
    }

    Optional<Secret> find(String namespace, String name) {
        return Optional.ofNullable(
                client.secrets().inNamespace(namespace).withName(name).get());
    }

    /** Creates the Secret, or returns the one that somebody else created first. */
    Secret create(Secret wanted) {
        try {
            return client.resource(wanted).create();
        } catch (KubernetesClientException e) {
            if (e.getCode() != HttpURLConnection.HTTP_CONFLICT) {
                throw e;
            }
            return find(
                            wanted.getMetadata().getNamespace(),
                            wanted.getMetadata().getName())
                    .orElseThrow(() -> e);
        }
    }

    /** Replaces the data of a Secret, unless it was changed in the meantime. */
    Secret replaceData(Secret present, Map<String, String> data) {
        return client.resource(new SecretBuilder(present)
                        .withData(encode(data))
                        .withStringData(null)
                        .build())
                .update();
    }

    /** Adds a key to a Secret, unless the Secret was changed in the meantime. */
    Secret add(Secret present, String key, String value) {
        return client.resource(new SecretBuilder(present)
                        .addToData(encode(Map.of(key, value)))
                        .build())
                .update();
    }

    static Map<String, String> encode(Map<String, String> data) {
        Map<String, String> encoded = new HashMap<>();
        data.forEach((key, value) ->
                encoded.put(key, Base64.getEncoder().encodeToString(value.getBytes(StandardCharsets.UTF_8))));
        return encoded;
    }

    /**
     * The text of one key.
     *
     * @throws ProblemException when the Secret has no such key or it is empty
     */
    static String text(Secret secret, String key) throws ProblemException {
        if (!has(secret, key)) {
            throw new ProblemException("Secret " + secret.getMetadata().getName() + " has no key " + key
                    + "; add it, or delete the Secret if the operator made it");
        }
        return new String(Base64.getDecoder().decode(secret.getData().get(key)), StandardCharsets.UTF_8);
    }

    static boolean has(Secret secret, String key) {
        String encoded = secret.getData() == null ? null : secret.getData().get(key);
        return encoded != null && !encoded.isEmpty();
    }

    static CertifiedKey certifiedKey(Secret secret) throws ProblemException {
        return new CertifiedKey(text(secret, CERTIFICATE), text(secret, KEY));
    }

    static Map<String, String> data(CertifiedKey key, String authorityPem) {
        return Map.of(CERTIFICATE, key.certificate(), KEY, key.key(), AUTHORITY, authorityPem);
    }
}
