package io.pgmosaic.local.kubernetes;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import org.junit.jupiter.api.Test;

import java.util.Map;

import static io.pgmosaic.local.kubernetes.Samples.configMap;
import static io.pgmosaic.local.kubernetes.Samples.statefulSet;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Server-side apply: whose fields are whose, and what comes of lists. */
final class ApplyTest extends OnEmbeddedApi {
    @Test
    void applyCreatesThenMergesAndForgetsWhatIsNoLongerGiven() {
        ConfigMap first = apply(configMap("a", Map.of("kept", "1", "dropped", "2")));
        client.configMaps().resource(configMap("a", Map.of())).edit(map -> {
            map.setData(Map.of("kept", "1", "dropped", "2", "foreign", "3"));
            return map;
        });

        ConfigMap second = apply(configMap("a", Map.of("kept", "4")));

        assertThat(second.getMetadata().getUid()).isEqualTo(first.getMetadata().getUid());
        assertThat(second.getData()).isEqualTo(Map.of("kept", "4", "foreign", "3"));
    }

    @Test
    void applyThatChangesNothingKeepsTheResourceVersion() {
        ConfigMap first = apply(configMap("a", Map.of("k", "1")));
        ConfigMap second = apply(configMap("a", Map.of("k", "1")));
        assertThat(second.getMetadata().getResourceVersion())
                .isEqualTo(first.getMetadata().getResourceVersion());
    }

    @Test
    void applyOfAnotherManagersFieldIsAConflictUnlessForced() {
        apply(configMap("a", Map.of("k", "1")));
        PatchContext polite = applyingAs("two", false);

        assertThatThrownBy(() -> client.configMaps()
                        .resource(configMap("a", Map.of("k", "2")))
                        .patch(polite))
                .isInstanceOfSatisfying(KubernetesClientException.class, e -> assertThat(e.getCode())
                        .isEqualTo(409));
        client.configMaps()
                .resource(configMap("a", Map.of("k", "1", "mine", "2")))
                .patch(polite);
        ConfigMap after = apply(configMap("a", Map.of()));

        assertThat(after.getData()).isEqualTo(Map.of("k", "1", "mine", "2"));
    }

    @Test
    void keyedListsMergeItemByItem() {
        String manifest = """
                apiVersion: apps/v1
                kind: StatefulSet
                metadata: {name: s, namespace: default}
                spec:
                  serviceName: s
                  selector: {matchLabels: {a: b}}
                  template:
                    metadata: {labels: {a: b}}
                    spec:
                      containers: [%s]
                """;
        apply(statefulSet(manifest.formatted("{name: x, image: i, env: [{name: E, value: v}]}, {name: y, image: j}")));
        StatefulSet other = apply(statefulSet(manifest.formatted("{name: z, image: k}")), applyingAs("two", true));
        assertThat(other.getSpec().getTemplate().getSpec().getContainers())
                .extracting(container -> container.getName())
                .containsExactly("x", "y", "z");

        StatefulSet after = apply(statefulSet(manifest.formatted("{name: x, image: i2}")));

        assertThat(after.getSpec().getTemplate().getSpec().getContainers())
                .extracting(container -> container.getName() + "=" + container.getImage())
                .containsExactly("x=i2", "z=k");
        assertThat(after.getSpec()
                        .getTemplate()
                        .getSpec()
                        .getContainers()
                        .getFirst()
                        .getEnv())
                .isEmpty();
        assertThat(after.getMetadata().getGeneration()).isEqualTo(3);
    }
}
