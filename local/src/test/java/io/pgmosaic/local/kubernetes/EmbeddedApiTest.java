package io.pgmosaic.local.kubernetes;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import org.junit.jupiter.api.Test;

import java.util.Map;

import static io.pgmosaic.local.kubernetes.Samples.configMap;
import static io.pgmosaic.local.kubernetes.Samples.labelled;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Plain reads and writes. */
final class EmbeddedApiTest extends OnEmbeddedApi {
    @Test
    void updateFromAnOldVersionIsAConflict() {
        ConfigMap first = apply(configMap("a", Map.of("k", "1")));
        apply(configMap("a", Map.of("k", "2")));
        assertThatThrownBy(() -> client.configMaps().resource(first).update())
                .isInstanceOfSatisfying(KubernetesClientException.class, e -> assertThat(e.getCode())
                        .isEqualTo(409));
    }

    @Test
    void secretsTakePlainText() {
        var secret = client.secrets()
                .resource(new SecretBuilder()
                        .withNewMetadata()
                        .withName("s")
                        .endMetadata()
                        .addToStringData("k", "value")
                        .build())
                .create();
        assertThat(secret.getData()).isEqualTo(Map.of("k", "dmFsdWU="));
    }

    @Test
    void selectorsOfSetsAndAbsenceAreUnderstood() {
        apply(labelled("x", "a"));
        apply(labelled("y", "b"));
        apply(configMap("z", Map.of()));
        assertThat(client.configMaps().withLabelIn("team", "a", "b").list().getItems())
                .hasSize(2);
        assertThat(client.configMaps().withoutLabel("team").list().getItems())
                .extracting(map -> map.getMetadata().getName())
                .containsExactly("z");
        assertThat(client.configMaps().withField("metadata.name", "y").list().getItems())
                .hasSize(1);
    }
}
