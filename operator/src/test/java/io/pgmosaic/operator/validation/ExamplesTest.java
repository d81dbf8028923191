package io.pgmosaic.operator.validation;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

import static org.assertj.core.api.Assertions.assertThat;

class ExamplesTest {
    static Stream<Path> examples() throws IOException {
        try (Stream<Path> files = Files.walk(SpecCases.repository().resolve("examples"))) {
            return files
                    .filter(file -> file.toString().endsWith(".yaml") && holdsACluster(file))
                    .sorted()
                    .toList()
                    .stream();
        }
    }

    private static boolean holdsACluster(Path file) {
        try {
            return Files.readString(file).lines().anyMatch("apiVersion: pgmosaic.io/v1alpha1"::equals);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @ParameterizedTest
    @MethodSource("examples")
    void everyClusterInThemCanBeCarriedOut(Path file) throws IOException {
        List<JsonNode> clusters = Arrays.stream(Files.readString(file).split("(?m)^---$"))
                .map(text -> new KubernetesSerialization().unmarshal(text, JsonNode.class))
                .filter(document -> document.path("kind").asText().equals("ShardedCluster"))
                .toList();
        assertThat(clusters).allSatisfy(cluster -> assertThat(ClusterSpecRules.problems(
                        cluster.at("/metadata/name").asText(), SpecCases.parse(cluster.get("spec")), null))
                .isEmpty());
    }
}
