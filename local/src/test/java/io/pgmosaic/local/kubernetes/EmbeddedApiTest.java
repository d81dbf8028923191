package io.pgmosaic.local.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.WatcherException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import io.fabric8.kubernetes.client.utils.Serialization;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

final class EmbeddedApiTest {
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final PatchContext FORCED = new PatchContext.Builder()
            .withPatchType(PatchType.SERVER_SIDE_APPLY)
            .withFieldManager("one")
            .withForce(true)
            .build();

    @TempDir
    Path dir;

    private EmbeddedApi api;
    private KubernetesClient client;

    @BeforeEach
    void start() {
        api = EmbeddedApi.start("127.0.0.1", 0, dir);
        client = api.client();
    }

    @AfterEach
    void stop() {
        api.close();
    }

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
        PatchContext polite = new PatchContext.Builder()
                .withPatchType(PatchType.SERVER_SIDE_APPLY)
                .withFieldManager("two")
                .withForce(false)
                .build();

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
        StatefulSet other = apply(
                statefulSet(manifest.formatted("{name: z, image: k}")),
                new PatchContext.Builder()
                        .withPatchType(PatchType.SERVER_SIDE_APPLY)
                        .withFieldManager("two")
                        .withForce(true)
                        .build());
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

    @Test
    void updateFromAnOldVersionIsAConflict() {
        ConfigMap first = apply(configMap("a", Map.of("k", "1")));
        apply(configMap("a", Map.of("k", "2")));
        assertThatThrownBy(() -> client.configMaps().resource(first).update())
                .isInstanceOfSatisfying(KubernetesClientException.class, e -> assertThat(e.getCode())
                        .isEqualTo(409));
    }

    @Test
    void statusIsWrittenThroughItsSubresourceAlone() {
        Pod pod = client.pods().resource(pod("p")).create();
        pod.setStatus(new io.fabric8.kubernetes.api.model.PodStatusBuilder()
                .withPhase("Running")
                .build());
        assertThat(client.pods().resource(pod).update().getStatus()).isNull();

        Pod withStatus = client.pods().resource(pod).updateStatus();
        assertThat(withStatus.getStatus().getPhase()).isEqualTo("Running");
        assertThat(withStatus.getMetadata().getGeneration()).isEqualTo(1);

        withStatus.getMetadata().setLabels(Map.of("new", "label"));
        Pod labelled = client.pods().resource(withStatus).update();
        assertThat(labelled.getStatus().getPhase()).isEqualTo("Running");
    }

    @Test
    void applyOfStatusTouchesNothingElse() {
        define();
        GenericKubernetesResource widget =
                client.resource(widget("w", "spec: {size: 3}")).create();
        GenericKubernetesResource status = apply(widget("w", "status: {phase: Good}"), "status");
        assertThat(status.<String>get("status", "phase")).isEqualTo("Good");
        assertThat(status.<Integer>get("spec", "size")).isEqualTo(3);
        assertThat(status.getMetadata().getGeneration()).isEqualTo(1);
        assertThat(status.getMetadata().getUid()).isEqualTo(widget.getMetadata().getUid());

        GenericKubernetesResource changed = apply(widget("w", "spec: {size: 4}\nstatus: {phase: Bad}"), "");
        assertThat(changed.<String>get("status", "phase")).isEqualTo("Good");
        assertThat(changed.getMetadata().getGeneration()).isEqualTo(2);
    }

    @Test
    void customObjectsGetDefaultsAndAreValidated() {
        define();
        GenericKubernetesResource widget =
                client.resource(widget("w", "spec: {size: 3, unknown: 1}")).create();
        assertThat(widget.<String>get("spec", "colour")).isEqualTo("red");
        assertThat(widget.<Object>get("spec", "unknown")).isNull();
        assertThatThrownBy(() -> client.resource(widget("v", "spec: {size: 0, colour: pink}"))
                        .create())
                .hasMessageContaining("spec.size: Invalid value: should be at least 1")
                .hasMessageContaining("spec.colour: Unsupported value");
    }

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
    void informersSeeAdditionsLabelChangesAndRemovals() {
        List<String> seen = new CopyOnWriteArrayList<>();
        try (SharedIndexInformer<ConfigMap> informer = client.configMaps()
                .withLabel("team", "a")
                .inform(new io.fabric8.kubernetes.client.informers.ResourceEventHandler<>() {
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

    @Test
    void kubectlFindsTheKindsAndGetsTheirColumns() throws Exception {
        define();
        client.resource(widget("w", "spec: {size: 3}")).create();
        apply(widget("w", "status: {phase: Good, conditions: [{type: Ready, status: 'True'}]}"), "status");

        JsonNode resources = get("/apis/example.org/v1", "application/json");
        assertThat(resources.path("resources")).hasSize(2);
        assertThat(resources.at("/resources/0/shortNames/0").asText()).isEqualTo("wd");
        assertThat(get("/apis", "application/json").findValuesAsText("name")).contains("apps", "example.org");

        JsonNode table = get(
                "/apis/example.org/v1/namespaces/default/widgets",
                "application/json;as=Table;v=v1;g=meta.k8s.io,application/json");
        assertThat(table.path("columnDefinitions").findValuesAsText("name"))
                .containsExactly("Name", "Phase", "Ready", "Age");
        assertThat(table.at("/rows/0/cells/0").asText()).isEqualTo("w");
        assertThat(table.at("/rows/0/cells/1").asText()).isEqualTo("Good");
        assertThat(table.at("/rows/0/cells/2").asText()).isEqualTo("True");
    }

    @Test
    void scaleIsASubresource() {
        apply(statefulSet("""
                        apiVersion: apps/v1
                        kind: StatefulSet
                        metadata: {name: s, namespace: default}
                        spec: {serviceName: s, replicas: 3, selector: {}, template: {spec: {containers: []}}}
                        """));
        client.apps().statefulSets().withName("s").scale(2);
        assertThat(client.apps().statefulSets().withName("s").get().getSpec().getReplicas())
                .isEqualTo(2);
    }

    @Test
    void logsOfPodsAreReadFromTheirFiles() throws Exception {
        client.pods().resource(pod("p")).create();
        Path logs = Files.createDirectories(dir.resolve("logs/default_p"));
        Files.writeString(logs.resolve("c.log"), "one\ntwo\nthree\n");
        assertThat(client.pods().withName("p").getLog()).isEqualTo("one\ntwo\nthree\n");
        assertThat(client.pods().withName("p").tailingLines(1).getLog()).isEqualTo("three\n");
        assertThatThrownBy(() -> client.pods()
                        .withName("p")
                        .inContainer("../../kubeconfig")
                        .getLog())
                .hasMessageContaining("has written no log");
    }

    private JsonNode get(String path, String accept) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(
                        client.getMasterUrl().toURI().resolve(path))
                .header("Accept", accept)
                .build();
        try (HttpClient http = HttpClient.newHttpClient()) {
            return new JsonMapper()
                    .readTree(http.send(request, HttpResponse.BodyHandlers.ofString())
                            .body());
        }
    }

    private void define() {
        client.load(EmbeddedApiTest.class.getResourceAsStream("/widgets.yaml")).create();
    }

    private static GenericKubernetesResource widget(String name, String rest) {
        return Serialization.unmarshal(
                "apiVersion: example.org/v1\nkind: Widget\nmetadata: {name: " + name + ", namespace: default}\n" + rest,
                GenericKubernetesResource.class);
    }

    private GenericKubernetesResource apply(GenericKubernetesResource widget, String subresource) {
        var resource = client.genericKubernetesResources("example.org/v1", "Widget")
                .inNamespace("default")
                .resource(widget);
        return subresource.isEmpty()
                ? resource.patch(FORCED)
                : resource.subresource(subresource).patch(FORCED);
    }

    private ConfigMap apply(ConfigMap map) {
        return client.configMaps().resource(map).patch(FORCED);
    }

    private StatefulSet apply(StatefulSet set) {
        return apply(set, FORCED);
    }

    private StatefulSet apply(StatefulSet set, PatchContext context) {
        return client.apps().statefulSets().resource(set).patch(context);
    }

    private static StatefulSet statefulSet(String manifest) {
        return Serialization.unmarshal(manifest, StatefulSet.class);
    }

    private static ConfigMap configMap(String name, Map<String, String> data) {
        return new ConfigMapBuilder()
                .withNewMetadata()
                .withName(name)
                .withNamespace("default")
                .endMetadata()
                .withData(data)
                .build();
    }

    private static ConfigMap labelled(String name, String team) {
        ConfigMap map = configMap(name, Map.of());
        map.getMetadata().setLabels(Map.of("team", team));
        return map;
    }

    private static Pod pod(String name) {
        return new PodBuilder()
                .withNewMetadata()
                .withName(name)
                .endMetadata()
                .withNewSpec()
                .addNewContainer()
                .withName("c")
                .withImage("i")
                .endContainer()
                .endSpec()
                .build();
    }
}
