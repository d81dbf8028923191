package io.pgmosaic.operator.cluster;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.pgmosaic.api.v1alpha1.cluster.InitSqlSpec;
import io.pgmosaic.api.v1alpha1.common.ConfigMapKey;
import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;

/** Puts the initial SQL together from where the spec says it is. */
final class InitialSqlSource {
    private final KubernetesClient client;

    InitialSqlSource(KubernetesClient client) {
        this.client = client;
    }

    /**
     * The statements, inline ones first; null when there are none.
     *
     * @throws ProblemException when a ConfigMap or a key of it is missing
     */
    @Nullable
    String read(String namespace, InitSqlSpec spec) throws ProblemException {
        List<String> parts = new ArrayList<>();
        if (spec.sql() != null) {
            parts.add(spec.sql());
        }
        for (ConfigMapKey reference : spec.configMapRefs()) {
            ConfigMap found = client.configMaps()
                    .inNamespace(namespace)
                    .withName(reference.name())
                    .get();
            if (found == null) {
                throw new ProblemException("ConfigMap " + reference.name()
                        + ", which spec.initSql names, does not exist in namespace " + namespace + "; create it");
            }
            String text = found.getData() == null ? null : found.getData().get(reference.key());
            if (text == null) {
                throw new ProblemException("ConfigMap " + reference.name() + " has no key " + reference.key()
                        + ", which spec.initSql names; add it");
            }
            parts.add(text);
        }
        return parts.isEmpty() ? null : String.join("\n;\n", parts);
    }
}
