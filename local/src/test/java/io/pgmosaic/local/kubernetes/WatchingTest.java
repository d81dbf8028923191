package io.pgmosaic.local.kubernetes;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.WatcherException;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

import static io.pgmosaic.local.kubernetes.Samples.configMap;
import static io.pgmosaic.local.kubernetes.Samples.labelled;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

/** Who watches sees every change, also when the API was away meanwhile. */
final class WatchingTest extends OnEmbeddedApi {
    @Test
    void informersSeeAdditionsLabelChangesAndRemovals() {
        List<String> seen = new CopyOnWriteArrayList<>();
        try (SharedIndexInformer<ConfigMap> informer = client.configMaps()
                .withLabel("team", "a")
                .inform(new ResourceEventHandler<>() {
                    @Override
                    public void onAdd(ConfigMap map) {
                        seen.add("+" + map.getMetadata().getName());
                    }

                    @Override
                    public void onUpdate(ConfigMap before, ConfigMap after) {
                        seen.add("~" + after.getMetadata().getName());
                    }

                    @Override
                    public void onDelete(ConfigMap map, boolean unknown) {
                        seen.add("-" + map.getMetadata().getName());
                    }
                })) {
            apply(labelled("x", "a"));
            apply(labelled("other", "b"));
            await().atMost(LIMIT).untilAsserted(() -> assertThat(seen).containsExactly("+x"));
            apply(labelled("x", "b"));
            await().atMost(LIMIT).untilAsserted(() -> assertThat(seen).containsExactly("+x", "-x"));
            assertThat(informer.isWatching()).isTrue();
        }
    }

    @Test
    void aWatchThatComesBackGetsWhatItMissed() {
        ConfigMap first = apply(configMap("a", Map.of()));
        apply(configMap("b", Map.of()));
        client.configMaps().withName("a").delete();
        List<String> seen = new CopyOnWriteArrayList<>();
        Watcher<ConfigMap> watcher = new Watcher<>() {
            @Override
            public void eventReceived(Action action, ConfigMap map) {
                seen.add(action + " " + map.getMetadata().getName());
            }

            @Override
            public void onClose(WatcherException cause) {
                seen.add("closed " + cause.getMessage());
            }
        };
        try (var watch = client.configMaps()
                .withResourceVersion(first.getMetadata().getResourceVersion())
                .watch(watcher)) {
            assertThat(watch).isNotNull();
            await().atMost(LIMIT).untilAsserted(() -> assertThat(seen).containsExactly("ADDED b", "DELETED a"));
        }
    }

    @Test
    void aSuspendedApiAnswersNobodyAndForgetsNothing() {
        apply(configMap("before", Map.of("k", "1")));
        List<String> seen = new CopyOnWriteArrayList<>();
        try (SharedIndexInformer<ConfigMap> informer = client.configMaps().inform(new Names(seen))) {
            assertThat(informer.isRunning()).isTrue();
            await().atMost(LIMIT).untilAsserted(() -> assertThat(seen).contains("before"));
            api.suspend(true);
            assertThatThrownBy(() -> client.configMaps().withName("before").get())
                    .isInstanceOf(KubernetesClientException.class);

            api.suspend(false);
            assertThat(client.configMaps().withName("before").get().getData()).isEqualTo(Map.of("k", "1"));
            apply(configMap("after", Map.of("k", "2")));
            await().atMost(LIMIT).untilAsserted(() -> assertThat(seen).contains("after"));
        }
    }

    private record Names(List<String> seen) implements ResourceEventHandler<ConfigMap> {
        @Override
        public void onAdd(ConfigMap map) {
            seen.add(map.getMetadata().getName());
        }

        @Override
        public void onUpdate(ConfigMap before, ConfigMap after) {
            seen.add(after.getMetadata().getName());
        }

        @Override
        public void onDelete(ConfigMap map, boolean stateUnknown) {
            seen.remove(map.getMetadata().getName());
        }
    }
}
