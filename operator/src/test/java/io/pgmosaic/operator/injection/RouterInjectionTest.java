package io.pgmosaic.operator.injection;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import io.pgmosaic.operator.ClusterKey;
import io.pgmosaic.operator.validation.SpecCases;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/** What becomes of pods. {@code -Dgolden.update=true} writes the files in {@code injected} anew. */
class RouterInjectionTest {
    private static final KubernetesSerialization YAML = new KubernetesSerialization();
    private static final Path GOLDEN = SpecCases.repository().resolve("operator/src/test/resources/injected");
    private static final ClusterKey ORDERS = new ClusterKey("shop", "orders");

    private static Verdict decide(JsonNode pod, boolean nativeSidecar, String namespace) {
        return RouterInjection.decide(pod, namespace, ORDERS::equals, Pods.template(nativeSidecar));
    }

    private static Verdict decide(JsonNode pod) {
        return decide(pod, true, "shop");
    }

    private static List<PatchOperation> patch(JsonNode pod) {
        assertThat(decide(pod)).isInstanceOf(Verdict.Injected.class);
        return ((Verdict.Injected) decide(pod)).patch();
    }

    @ParameterizedTest
    @CsvSource({"native, true, shop", "plain, false, shop", "other-namespace, true, web"})
    void givesThePodOfTheExampleARouter(String name, boolean nativeSidecar, String namespace) throws IOException {
        ObjectNode pod = namespace.equals("shop") ? Pods.application() : Pods.annotated("shop/orders");
        assertThat(decide(pod, nativeSidecar, namespace)).isInstanceOfSatisfying(Verdict.Injected.class, injected -> {
            assertThat(injected.cluster()).isEqualTo(ORDERS);
            isAsWrittenDown(name, Pods.patched(pod, injected.patch()));
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"north", ""})
    void aPodMaySayInWhichZoneItIs(String zone) {
        ObjectNode pod = Pods.application();
        ((ObjectNode) pod.path("metadata")).putObject("annotations").put("pgmosaic.io/zone", zone);
        JsonNode variables = Pods.patched(pod, patch(pod)).at("/spec/initContainers/0/env");
        assertThat(variables)
                .filteredOn(variable -> variable.path("name").asText().equals("PGMOSAIC_ZONE"))
                .singleElement()
                .satisfies(variable -> {
                    assertThat(variable.path("value").asText()).isEqualTo(zone);
                    assertThat(variable.has("valueFrom")).isFalse();
                });
    }

    private static void isAsWrittenDown(String name, JsonNode pod) {
        Path file = GOLDEN.resolve(name + ".yaml");
        String actual = YAML.asYaml(sorted(YAML.convertValue(pod, Map.class)));
        try {
            if (Boolean.getBoolean("golden.update")) {
                Files.createDirectories(GOLDEN);
                Files.writeString(file, actual);
            }
            assertThat(actual).isEqualTo(Files.readString(file));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static Object sorted(Object value) {
        if (value instanceof Map<?, ?> map) {
            Map<String, Object> sorted = new TreeMap<>();
            map.forEach((key, entry) -> sorted.put((String) key, sorted(entry)));
            return sorted;
        }
        return value instanceof List<?> list
                ? list.stream().map(RouterInjectionTest::sorted).toList()
                : value;
    }

    /** Who wants no webhook writes what the webhook would have made. */
    @Test
    void isWhatTheExampleWithoutWebhookWritesOut() {
        JsonNode made = Pods.patched(Pods.application(), patch(Pods.application()));
        JsonNode written = Pods.ofExample("application-without-webhook.yaml");
        for (JsonNode pod : List.of(made, written)) {
            ArrayNode environment = (ArrayNode) pod.at("/spec/initContainers/0/env");
            assertThat(environment.get(0).path("name").asText()).isEqualTo("PGMOSAIC_NAMESPACE");
            assertThat(environment.get(2).path("name").asText()).isEqualTo("PGMOSAIC_TOPOLOGY_URLS");
            environment.remove(2);
            environment.remove(0);
        }
        assertThat(written.path("spec")).isEqualTo(made.path("spec"));
    }

    @Test
    void tellsTheRouterWhereSpansGoAndNothingElse() {
        RouterTemplate template = Pods.template(
                true,
                Map.of("OTEL_TRACES_SAMPLER", "always_on", "OTEL_EXPORTER_OTLP_ENDPOINT", "http://collector:4318"));
        Verdict.Injected injected =
                (Verdict.Injected) RouterInjection.decide(Pods.application(), "shop", ORDERS::equals, template);
        JsonNode environment =
                Pods.patched(Pods.application(), injected.patch()).at("/spec/initContainers/0/env");
        assertThat(environment.get(6).toString())
                .isEqualTo("{\"name\":\"OTEL_EXPORTER_OTLP_ENDPOINT\",\"value\":\"http://collector:4318\"}");
        assertThat(environment.get(7).path("name").asText()).isEqualTo("OTEL_TRACES_SAMPLER");
        assertThat(environment).hasSize(8);
        for (String other :
                List.of("PGMOSAIC_TOPOLOGY_URLS", "JAVA_TOOL_OPTIONS", "LD_PRELOAD", "MY_OTEL_", "OTEL_", "")) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> Pods.template(true, Map.of(other, "x")))
                    .withMessageContaining("write those of OpenTelemetry alone");
        }
    }

    @Test
    void addsNothingToAPodThatHasItAll() {
        for (ObjectNode pod : List.of(Pods.application(), Pods.annotated("orders"))) {
            assertThat(patch(Pods.patched(pod, patch(pod)))).isEmpty();
        }
    }

    @Test
    void tellsAContainerThatAnotherWebhookAddedWhereTheRouterIs() {
        ObjectNode injected = Pods.patched(Pods.application(), patch(Pods.application()));
        injected.withArray("/spec/containers").addObject().put("name", "mesh");
        assertThat(patch(injected)).singleElement().satisfies(addition -> assertThat(addition.path())
                .isEqualTo("/spec/containers/1/env"));
        assertThat(patch(Pods.patched(injected, patch(injected)))).isEmpty();
    }

    @Test
    void isBeforeTheContainersThatAreToFindItRunning() {
        ObjectNode pod = Pods.application();
        pod.withArray("/spec/initContainers").addObject().put("name", "migrate");
        JsonNode injected = Pods.patched(pod, patch(pod));
        assertThat(injected.at("/spec/initContainers/0/name").asText()).isEqualTo(RouterContainer.NAME);
        assertThat(injected.at("/spec/initContainers/1/env/0/name").asText()).isEqualTo(RouterInjection.URL_VARIABLE);
        JsonNode plain = Pods.patched(pod, ((Verdict.Injected) decide(pod, false, "shop")).patch());
        assertThat(plain.at("/spec/initContainers/0/name").asText()).isEqualTo("migrate");
        assertThat(plain.at("/spec/initContainers/0").has("env")).isFalse();
        assertThat(plain.at("/spec/containers/0/name").asText()).isEqualTo("api");
        assertThat(plain.at("/spec/containers/1").has("restartPolicy")).isFalse();
    }

    @Test
    void leavesWhatItDoesNotKnowAndWhatIsSet() {
        ObjectNode pod = Pods.application();
        pod.withObject("/spec").put("fieldOfALaterKubernetes", 7);
        ((ArrayNode) pod.at("/spec/containers/0/env"))
                .addObject()
                .put("name", RouterInjection.URL_VARIABLE)
                .put("value", "http://mine");
        pod.withObject("/metadata/annotations").put("team", "data");
        JsonNode injected = Pods.patched(pod, patch(pod));
        assertThat(injected.at("/spec/fieldOfALaterKubernetes").asInt()).isEqualTo(7);
        assertThat(injected.at("/metadata/annotations/team").asText()).isEqualTo("data");
        assertThat(injected.at("/spec/containers/0")).isEqualTo(pod.at("/spec/containers/0"));
    }

    /** Any place to which something is added may be missing, null or empty. */
    @ParameterizedTest
    @ValueSource(strings = {"/spec/volumes", "/spec/initContainers", "/spec/containers/0/env", "/metadata/annotations"})
    void isCarriedOutWhereNothingWas(String pointer) {
        ObjectNode full = Pods.annotated("orders");
        full.withArray("/spec/initContainers").addObject().put("name", "migrate");
        int last = pointer.lastIndexOf('/');
        for (String kind : List.of("missing", "empty", "null")) {
            ObjectNode pod = full.deepCopy();
            if (pointer.endsWith("annotations")) {
                pod.withObject("/metadata/labels").put(Wish.KEY, "orders");
            }
            ObjectNode parent = (ObjectNode) pod.at(pointer.substring(0, last));
            JsonNode before = parent.remove(pointer.substring(last + 1));
            if (kind.equals("null")) {
                parent.putNull(pointer.substring(last + 1));
            } else if (kind.equals("empty")) {
                parent.set(
                        pointer.substring(last + 1),
                        before != null && before.isObject() ? parent.objectNode() : parent.arrayNode());
            }
            JsonNode injected = Pods.patched(pod, patch(pod));
            assertThat(injected.at("/spec/initContainers/0/name").asText()).isEqualTo(RouterContainer.NAME);
            assertThat(injected.at("/spec/volumes").findValuesAsText("name"))
                    .contains(RouterVolumes.IDENTITY, RouterVolumes.STATE);
            assertThat(injected.at("/metadata/annotations/pgmosaic.io~1injected")
                            .asText())
                    .isEqualTo("shop/orders");
            assertThat(injected.at("/spec/containers/0/env/0/name").asText()).isEqualTo(RouterInjection.URL_VARIABLE);
            assertThat(patch(injected)).isEmpty();
        }
    }

    @Test
    void leavesPodsAloneThatAskForNothing() {
        ObjectNode pod = Pods.application();
        ((ObjectNode) pod.at("/metadata/labels")).remove(Wish.KEY);
        assertThat(decide(pod)).isEqualTo(new Verdict.NotAsked());
        assertThat(decide(pod.objectNode())).isEqualTo(new Verdict.NotAsked());
    }

    @Test
    void takesTheAnnotationWhenThereAreBoth() {
        ObjectNode pod = Pods.application();
        pod.withObject("/metadata/labels").put(Wish.KEY, "unknown");
        pod.withObject("/metadata/annotations").put(Wish.KEY, "shop/orders");
        assertThat(decide(pod, true, "web")).isInstanceOf(Verdict.Injected.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", " ", "Orders", "a/b/c", "/orders", "shop/", "-orders", "shop orders", "../orders", "o\nq"})
    void cannotMakeOut(String value) {
        assertThat(decide(Pods.annotated(value)))
                .isInstanceOfSatisfying(Verdict.Refused.class, refused -> assertThat(refused.warning())
                        .contains("write <cluster>, or <namespace>/<cluster>")
                        .doesNotContain("\n"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/metadata/annotations/pgmosaic.io~1inject | other | no router of shop/other: there is no such ShardedCluster",
                "/metadata/annotations/pgmosaic.io~1inject | web/orders | no router of web/orders: there is no such",
                "/spec/containers/0/name | pgmosaic-router | it has a container pgmosaic-router of its own",
                "/spec/volumes/0/name | pgmosaic-router-state | it has a volume pgmosaic-router-state of its own",
                "/spec/volumes/0/name | pgmosaic-router-identity | it has a volume pgmosaic-router-identity of its own",
                "/spec/hostNetwork | true | with hostNetwork every process of the node could ask it"
            })
    void cannotGive(String pointer, String value, String warning) {
        ObjectNode pod = Pods.annotated("orders");
        int last = pointer.lastIndexOf('/');
        JsonNode text = value.equals("true") ? pod.booleanNode(true) : TextNode.valueOf(value);
        ((ObjectNode) pod.at(pointer.substring(0, last)))
                .set(pointer.substring(last + 1).replace("~1", "/"), text);
        assertThat(decide(pod)).isInstanceOfSatisfying(Verdict.Refused.class, refused -> assertThat(refused.warning())
                .contains(warning)
                .hasSizeLessThanOrEqualTo(256));
    }

    @ParameterizedTest
    @CsvSource({"1,28,false", "1,29,true", "1,34+,true", "2,0,true", "1,9,false", "'','',false", "x,y,false"})
    void isANativeSidecarFromKubernetes129(String major, String minor, boolean expected) {
        assertThat(SidecarSupport.isIn(major, minor)).isEqualTo(expected);
    }
}
