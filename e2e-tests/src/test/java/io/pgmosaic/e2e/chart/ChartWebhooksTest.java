package io.pgmosaic.e2e.chart;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/** What the API server is told to send to the operator, and what it does when nobody answers. */
class ChartWebhooksTest {
    private static final String BOTH = "validation.enabled=true";

    @ParameterizedTest
    @ValueSource(strings = {"MutatingWebhookConfiguration", "ValidatingWebhookConfiguration"})
    void keepNothingOut(String kind) {
        JsonNode configuration = Helm.render("--set", BOTH).only(kind);
        assertThat(configuration.path("webhooks")).hasSize(1);
        JsonNode webhook = configuration.at("/webhooks/0");
        assertThat(webhook.path("failurePolicy").asText()).isEqualTo("Ignore");
        assertThat(webhook.path("timeoutSeconds").asInt()).isBetween(1, 5);
        assertThat(webhook.path("sideEffects").asText()).isIn("None", "NoneOnDryRun");
        assertThat(Manifests.texts(webhook.path("admissionReviewVersions"))).containsExactly("v1");
        assertThat(webhook.has("namespaceSelector")).isFalse();
        assertThat(webhook.path("clientConfig").has("caBundle"))
                .as("an authority, which an upgrade would put in the place of the operator's")
                .isFalse();
    }

    @Test
    void areSentPodsThatAskAndNoOthers() {
        JsonNode webhook = Helm.render().only("MutatingWebhookConfiguration").at("/webhooks/0");
        assertThat(webhook.path("matchConditions")).hasSize(1);
        String condition = webhook.at("/matchConditions/0/expression").asText();
        for (String where : new String[] {"labels", "annotations"}) {
            assertThat(condition)
                    .contains("(has(object.metadata." + where + ") && 'pgmosaic.io/inject' in object.metadata." + where
                            + ")");
        }
        assertThat(webhook.path("rules")).hasSize(1);
        assertThat(Manifests.texts(webhook.at("/rules/0/resources"))).containsExactly("pods");
        assertThat(Manifests.texts(webhook.at("/rules/0/operations"))).containsExactly("CREATE");
        assertThat(webhook.path("reinvocationPolicy").asText()).isEqualTo("IfNeeded");
    }

    @Test
    void areSentSpecsAndNeitherStatusesNorDeletions() {
        JsonNode webhook = Helm.render("--set", BOTH)
                .only("ValidatingWebhookConfiguration")
                .at("/webhooks/0");
        assertThat(webhook.path("rules")).hasSize(1);
        assertThat(Manifests.texts(webhook.at("/rules/0/resources"))).containsExactly("shardedclusters");
        assertThat(Manifests.texts(webhook.at("/rules/0/operations"))).containsExactly("CREATE", "UPDATE");
    }

    @Test
    void areCalledForInTheWatchedNamespacesAlone() {
        Manifests chart = Helm.render("--set", BOTH + ",watchNamespaces={shop,billing}");
        for (String kind : new String[] {"MutatingWebhookConfiguration", "ValidatingWebhookConfiguration"}) {
            JsonNode selector = chart.only(kind).at("/webhooks/0/namespaceSelector/matchExpressions/0");
            assertThat(selector.path("key").asText()).isEqualTo("kubernetes.io/metadata.name");
            assertThat(Manifests.texts(selector.path("values"))).containsExactly("shop", "billing");
        }
    }

    @Test
    void leadToAServiceOfTheOperatorAndToAPortOfItsPods() {
        Manifests chart = Helm.render("--set", BOTH);
        JsonNode called = chart.only("MutatingWebhookConfiguration").at("/webhooks/0/clientConfig/service");
        assertThat(chart.only("ValidatingWebhookConfiguration").at("/webhooks/0/clientConfig/service/name"))
                .isEqualTo(called.path("name"));
        JsonNode service = chart.of("Service")
                .filter(found -> found.at("/metadata/name").equals(called.path("name")))
                .findFirst()
                .orElseThrow();
        assertThat(service.at("/metadata/namespace")).isEqualTo(called.path("namespace"));
        assertThat(service.at("/spec/ports/0/port")).isEqualTo(called.path("port"));
        JsonNode operator = chart.only("Deployment").at("/spec/template/spec/containers/0");
        assertThat(operator.path("ports").findValuesAsText("name"))
                .contains(service.at("/spec/ports/0/targetPort").asText());
        assertThat(operator.path("env").toString())
                .contains("{\"name\":\"PGMOSAIC_INJECTION_ENABLED\",\"value\":\"true\"}")
                .contains("{\"name\":\"PGMOSAIC_VALIDATION_ENABLED\",\"value\":\"true\"}")
                .contains("{\"name\":\"PGMOSAIC_ADMISSION_CONFIGURATION\",\"value\":\"pgmosaic-operator.operators\"}");
    }

    @Test
    void areNotThereWhenNobodyWantsThem() {
        Manifests chart = Helm.render("--set", "injection.enabled=false");
        assertThat(chart.names()).noneMatch(name -> name.contains("Webhook") || name.contains("admission"));
        assertThat(chart.only("Deployment").toString())
                .doesNotContain("INJECTION")
                .doesNotContain("9443");
        assertThat(chart.only("NetworkPolicy").toString()).doesNotContain("admission");
    }
}
