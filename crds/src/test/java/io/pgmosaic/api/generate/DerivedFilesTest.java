package io.pgmosaic.api.generate;

import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaProps;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

class DerivedFilesTest {
    static Stream<Map.Entry<Path, String>> files() {
        return DerivedFiles.all().entrySet().stream();
    }

    @ParameterizedTest
    @MethodSource("files")
    void areCommittedAsTheTypesSay(Map.Entry<Path, String> file) throws IOException {
        Path path = DerivedFiles.repository().resolve(file.getKey());
        assertThat(path)
                .as("%s is missing; write it with: %s", file.getKey(), DerivedFiles.HOW_TO_REGENERATE)
                .isRegularFile();
        assertThat(Files.readString(path, UTF_8))
                .as("%s is out of date; write it anew with: %s", file.getKey(), DerivedFiles.HOW_TO_REGENERATE)
                .isEqualTo(file.getValue());
    }

    @Test
    void nothingElseLiesInTheirFolders() throws IOException {
        Path root = DerivedFiles.repository();
        Set<Path> expected = DerivedFiles.all().keySet();
        for (String folder : List.of("crds/src/main/resources/META-INF/fabric8", "helm/pgmosaic/crds")) {
            try (Stream<Path> found = Files.list(root.resolve(folder))) {
                assertThat(found.map(root::relativize).collect(Collectors.toSet()))
                        .as("files in %s", folder)
                        .isSubsetOf(expected);
            }
        }
    }

    @Test
    void everyFieldOfOurOwnIsDescribed() {
        List<String> bare = new ArrayList<>();
        for (CustomResourceDefinition definition : Definitions.parsed()) {
            JSONSchemaProps root =
                    definition.getSpec().getVersions().getFirst().getSchema().getOpenAPIV3Schema();
            Schemas.walk(root, (path, schema) -> {
                boolean named = path.contains(".") && !path.endsWith("[]") && !path.endsWith("*");
                if (named && !KubernetesTypes.inside(path) && schema.getDescription() == null) {
                    bare.add(definition.getSpec().getNames().getKind() + "." + path);
                }
            });
        }
        assertThat(bare).as("fields without @JsonPropertyDescription").isEmpty();
    }
}
