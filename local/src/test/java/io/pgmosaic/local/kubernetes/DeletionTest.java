package io.pgmosaic.local.kubernetes;

import io.fabric8.kubernetes.api.model.ConfigMap;
import org.junit.jupiter.api.Test;

import java.util.Map;

import static io.pgmosaic.local.kubernetes.Samples.configMap;
import static io.pgmosaic.local.kubernetes.Samples.pod;
import static org.assertj.core.api.Assertions.assertThat;

/** What goes with what, and when. */
final class DeletionTest extends OnEmbeddedApi {
    @Test
    void dependentsGoWithTheirOwnerAndFinalizersHoldIt() {
        ConfigMap owner = apply(configMap("owner", Map.of()));
        ConfigMap child = configMap("child", Map.of());
        child.addOwnerReference(owner);
        child.addFinalizer("example.org/hold");
        client.configMaps().resource(child).create();

        client.configMaps().withName("owner").delete();

        assertThat(client.configMaps().withName("owner").get()).isNull();
        ConfigMap held = client.configMaps().withName("child").get();
        assertThat(held.isMarkedForDeletion()).isTrue();
        client.configMaps().withName("child").edit(map -> {
            map.removeFinalizer("example.org/hold");
            return map;
        });
        assertThat(client.configMaps().withName("child").get()).isNull();
    }

    @Test
    void aDependentCreatedAfterItsOwnersEndGoesToo() {
        ConfigMap owner = apply(configMap("owner", Map.of()));
        client.configMaps().withName("owner").delete();
        ConfigMap late = configMap("late", Map.of());
        late.addOwnerReference(owner);
        client.configMaps().resource(late).create();
        assertThat(client.configMaps().withName("late").get()).isNull();
    }

    @Test
    void podsAreRemovedWhenTheirKubeletSaysSo() {
        client.pods().resource(pod("p")).create();
        client.pods().withName("p").delete();
        assertThat(client.pods().withName("p").get().isMarkedForDeletion()).isTrue();
        client.pods().withName("p").withGracePeriod(0).delete();
        assertThat(client.pods().withName("p").get()).isNull();
    }
}
