package io.pgmosaic.operator.desired;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import io.pgmosaic.api.v1alpha1.cluster.ShardedClusterSpec;
import io.pgmosaic.operator.validation.SpecCases;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What is applied for a cluster, file by file. {@code -Dgolden.update=true} writes the files anew; then their difference is
 * to be read.
 */
class DesiredObjectsTest {
    private static final KubernetesSerialization YAML = new KubernetesSerialization();
    private static final Path MODULE = SpecCases.repository().resolve("operator/src/test/resources");
    private static final List<String> URLS = List.of("https://pgmosaic-operator-topology.pgmosaic-system.svc:8443");

    @ParameterizedTest
    @ValueSource(strings = {"quickstart", "production", "async", "constrained"})
    void areAsWrittenDown(String name) throws IOException {
        Path folder = MODULE.resolve("golden").resolve(name);
        Map<String, String> actual = new TreeMap<>();
        objects(name)
                .forEach(object -> actual.put(
                        object.getKind() + "-" + object.getMetadata().getName() + ".yaml",
                        YAML.asYaml(sorted(object))));
        if (Boolean.getBoolean("golden.update")) {
            write(folder, actual);
        }
        assertThat(read(folder)).isEqualTo(actual);
    }

    @ParameterizedTest
    @ValueSource(strings = {"quickstart", "production", "async", "constrained"})
    void passTheRestrictedPodSecurityStandardAndHoldNoSecret(String name) throws IOException {
        assertThat(objects(name)).noneMatch(object -> object.getKind().equals("Secret"));
        assertThat(statefulSets(name)).isNotEmpty().allSatisfy(set -> {
            assertThat(set.getSpec().getPodManagementPolicy()).isEqualTo("Parallel");
            assertThat(set.getSpec().getUpdateStrategy().getType()).isEqualTo("OnDelete");
            PodSpec pod = set.getSpec().getTemplate().getSpec();
            assertThat(pod.getAutomountServiceAccountToken()).isFalse();
            assertThat(pod.getSecurityContext().getRunAsNonRoot()).isTrue();
            assertThat(pod.getSecurityContext().getRunAsUser()).isPositive();
            assertThat(pod.getSecurityContext().getSeccompProfile().getType()).isEqualTo("RuntimeDefault");
            assertThat(pod.getHostNetwork()).isNull();
            assertThat(pod.getVolumes()).allMatch(volume -> volume.getHostPath() == null);
            assertThat(pod.getContainers()).isNotEmpty().allSatisfy(DesiredObjectsTest::isRestricted);
        });
    }

    private static void isRestricted(Container container) {
        assertThat(container.getSecurityContext().getAllowPrivilegeEscalation()).isFalse();
        assertThat(container.getSecurityContext().getReadOnlyRootFilesystem()).isTrue();
        assertThat(container.getSecurityContext().getCapabilities().getDrop()).containsExactly("ALL");
        assertThat(container.getEnv())
                .allMatch(variable -> variable.getValueFrom() == null
                        || variable.getValueFrom().getSecretKeyRef() == null);
    }

    @Test
    void belongToTheClusterAndAreSelectedByWhatNeverChanges() throws IOException {
        assertThat(objects("production")).allSatisfy(object -> {
            assertThat(object.getMetadata().getNamespace()).isEqualTo("shop");
            assertThat(object.getMetadata().getOwnerReferences())
                    .singleElement()
                    .satisfies(owner -> assertThat(owner.getUid()).isEqualTo("uid-1"));
        });
        assertThat(statefulSets("production"))
                .allSatisfy(set -> assertThat(
                                set.getSpec().getTemplate().getMetadata().getLabels())
                        .containsAllEntriesOf(set.getSpec().getSelector().getMatchLabels()))
                .allSatisfy(set -> assertThat(set.getSpec().getSelector().getMatchLabels())
                        .containsOnlyKeys(Labels.CLUSTER, Labels.SHARD));
    }

    @Test
    void stayWhatTheyAreWhateverTheTextsHold() throws IOException {
        String hostile = "a\"b'c\\d\n---\nkind: Secret\n# $(POD) ${X} {{ .Values }} \u2028";
        ClusterIntent intent = new ClusterIntent("shop", "orders", "uid-1", spec("constrained"), hostile);
        for (HasMetadata object : DesiredObjects.of(intent, replicas(intent.spec()), List.of(hostile))) {
            HasMetadata read = YAML.unmarshal(YAML.asYaml(object), object.getClass());
            assertThat(read).isEqualTo(object);
        }
    }

    private static List<StatefulSet> statefulSets(String name) throws IOException {
        return objects(name).stream()
                .filter(StatefulSet.class::isInstance)
                .map(StatefulSet.class::cast)
                .toList();
    }

    private static List<HasMetadata> objects(String name) throws IOException {
        ShardedClusterSpec spec = spec(name);
        return DesiredObjects.of(
                new ClusterIntent("shop", name, "uid-1", spec, "registry.example.org/instance:1-pg17"),
                replicas(spec),
                URLS);
    }

    private static SequencedMap<String, Integer> replicas(ShardedClusterSpec spec) {
        SequencedMap<String, Integer> replicas = new LinkedHashMap<>();
        spec.shards().shardNames().forEach(shard -> replicas.put(shard, spec.instancesPerShard()));
        return replicas;
    }

    /** An example, or the one that stands beside the golden folders. */
    private static ShardedClusterSpec spec(String name) throws IOException {
        Path example = SpecCases.repository().resolve("examples").resolve(name + ".yaml");
        Path file = Files.exists(example) ? example : MODULE.resolve("clusters").resolve(name + ".yaml");
        return Arrays.stream(Files.readString(file).split("(?m)^---$"))
                .map(text -> YAML.unmarshal(text, JsonNode.class))
                .filter(document -> document.path("kind").asText().equals("ShardedCluster"))
                .map(cluster -> SpecCases.parse(cluster.get("spec")))
                .findFirst()
                .orElseThrow();
    }

    /** With the keys of every map in order: those of labels and selectors are in none. */
    private static Object sorted(Object value) {
        if (value instanceof Map<?, ?> map) {
            Map<String, Object> sorted = new TreeMap<>();
            map.forEach((key, entry) -> sorted.put((String) key, sorted(entry)));
            return sorted;
        }
        if (value instanceof List<?> list) {
            return list.stream().map(DesiredObjectsTest::sorted).toList();
        }
        return value instanceof HasMetadata object ? sorted(YAML.convertValue(object, Map.class)) : value;
    }

    private static Map<String, String> read(Path folder) throws IOException {
        Map<String, String> files = new TreeMap<>();
        if (Files.isDirectory(folder)) {
            try (Stream<Path> listed = Files.list(folder)) {
                for (Path file : listed.toList()) {
                    files.put(file.getFileName().toString(), Files.readString(file));
                }
            }
        }
        return files;
    }

    private static void write(Path folder, Map<String, String> texts) throws IOException {
        for (String unused : read(folder).keySet()) {
            Files.delete(folder.resolve(unused));
        }
        Files.createDirectories(folder);
        for (Map.Entry<String, String> text : texts.entrySet()) {
            Files.writeString(folder.resolve(text.getKey()), text.getValue());
        }
    }
}
