package io.pgmosaic.api.schema;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import io.fabric8.kubernetes.client.utils.Serialization;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/** Examples against the definitions' schemas, without an API server; a field that no schema knows is an error. */
class ExamplesTest {
    static Stream<JsonNode> examples() throws IOException {
        return Examples.documents("pgmosaic.io/v1alpha1");
    }

    @ParameterizedTest
    @MethodSource("examples")
    void fitTheirSchema(JsonNode example) throws IOException {
        assertThat(schemaOf(example.get("kind").asText()).validate(example)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"base, , 2", "overlays/staging, shop-staging, 2", "overlays/production, shop, 3"})
    void thoseThatKustomizeMakesFitItToo(String folder, @Nullable String namespace, int instances)
            throws IOException, InterruptedException {
        Path kubectl = Examples.kubectl().orElse(null);
        if (kubectl == null) {
            System.out.println(
                    "SKIPPED: kubectl kustomize is not tried. Put kubectl on the PATH or into KUBEBUILDER_ASSETS.");
        }
        assumeTrue(kubectl != null, "there is no kubectl");
        List<JsonNode> made = Examples.kustomized(Objects.requireNonNull(kubectl), folder);
        assertThat(made).singleElement().satisfies(cluster -> {
            assertThat(schemaOf("ShardedCluster").validate(cluster)).isEmpty();
            assertThat(cluster.at("/metadata/namespace").asText(null)).isEqualTo(namespace);
            assertThat(cluster.at("/spec/instancesPerShard").asInt()).isEqualTo(instances);
            assertThat(cluster.at("/spec/sharding/tables")).hasSize(1);
        });
    }

    @Test
    void aMisspeltFieldWouldBeSeen() throws IOException {
        ObjectNode example = examples().findFirst().orElseThrow().deepCopy();
        example.withObject("/spec/storage").put("sice", "1Gi");
        assertThat(schemaOf("ShardedCluster").validate(example))
                .singleElement()
                .satisfies(message -> assertThat(message.getMessage()).contains("sice"));
    }

    private static JsonSchema schemaOf(String kind) throws IOException {
        String file = "/META-INF/fabric8/" + kind.toLowerCase(Locale.ROOT) + "s.pgmosaic.io-v1.yml";
        try (InputStream yaml = Objects.requireNonNull(ExamplesTest.class.getResourceAsStream(file), file)) {
            ObjectNode schema = Serialization.unmarshal(yaml, JsonNode.class)
                    .at("/spec/versions/0/schema/openAPIV3Schema")
                    .deepCopy();
            ObjectNode properties = schema.withObject("/properties");
            properties.putObject("apiVersion");
            properties.putObject("kind");
            properties.putObject("metadata");
            close(schema);
            return JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V4).getSchema(schema);
        }
    }

    /** What an API server does when asked to be strict: no field but those that are named. */
    private static void close(JsonNode schema) {
        if (schema instanceof ArrayNode list) {
            list.forEach(ExamplesTest::close);
        } else if (schema instanceof ObjectNode object) {
            object.forEach(ExamplesTest::close);
            if (object.path("properties").isObject()
                    && object.path("type").asText().equals("object")) {
                object.put("additionalProperties", false);
            }
        }
    }
}
