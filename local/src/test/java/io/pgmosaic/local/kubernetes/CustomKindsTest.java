package io.pgmosaic.local.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import org.junit.jupiter.api.Test;

import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Kinds that a CustomResourceDefinition brings. */
final class CustomKindsTest extends OnEmbeddedApi {
    @Test
    void customObjectsGetDefaultsAndAreValidated() {
        Widgets widgets = Widgets.define(client);
        GenericKubernetesResource widget = widgets.create("w", "spec: {size: 3, unknown: 1}");
        assertThat(widget.<String>get("spec", "colour")).isEqualTo("red");
        assertThat(widget.<Object>get("spec", "unknown")).isNull();
        assertThatThrownBy(() -> widgets.create("v", "spec: {size: 0, colour: pink}"))
                .hasMessageContaining("spec.size: Invalid value: should be at least 1")
                .hasMessageContaining("spec.colour: Unsupported value");
    }

    @Test
    void kubectlFindsTheKindsAndGetsTheirColumns() throws Exception {
        Widgets widgets = Widgets.define(client);
        widgets.create("w", "spec: {size: 3}");
        widgets.applyStatus("w", "status: {phase: Good, conditions: [{type: Ready, status: 'True'}]}");

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
}
