package io.pgmosaic.e2e.chart;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.List;

import static org.assertj.core.api.Assertions.assertThat;

/** What the chart installs, by its values. */
class ChartRenderingTest {
    private static final String HOST = "kubernetes.io/hostname";

    @Test
    void withoutAnyValueEverythingThatIsNeededAndNothingThatIsOptional() {
        assertThat(Helm.render().names())
                .containsExactlyInAnyOrder(
                        "ServiceAccount operators/pgmosaic-operator",
                        "ClusterRole pgmosaic-operator",
                        "ClusterRoleBinding pgmosaic-operator",
                        "ClusterRole pgmosaic-operator.operators",
                        "ClusterRoleBinding pgmosaic-operator.operators",
                        "MutatingWebhookConfiguration pgmosaic-operator.operators",
                        "Service operators/pgmosaic-operator-admission",
                        "Role operators/pgmosaic-operator-self",
                        "RoleBinding operators/pgmosaic-operator-self",
                        "Service operators/pgmosaic-operator-topology",
                        "Service operators/pgmosaic-operator-metrics",
                        "Deployment operators/pgmosaic-operator",
                        "PodDisruptionBudget operators/pgmosaic-operator",
                        "NetworkPolicy operators/pgmosaic-operator",
                        "Pod operators/pgmosaic-operator-test");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "replicas=1",
                "watchNamespaces={shop},env[0].name=PGMOSAIC_ELECTION_LEASE_DURATION,env[0].value=10s",
                "metrics.podMonitor.enabled=true,metrics.podMonitor.labels.team=data,podAntiAffinity=None",
                "image.digest=sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef,runAsUser=null",
                "networkPolicy.enabled=false,rbac.create=false,global.anything=1",
                "validation.enabled=true,injection.runAsUser=null,watchNamespaces={shop}",
                "injection.enabled=false,topologyAccess.serviceAccounts=false,readNodes=false"
            })
    void helmHasNothingAgainstIt(String values) {
        Helm.Outcome outcome = Helm.lint("--set", values);
        assertThat(outcome.code()).as(outcome.output() + outcome.complaints()).isZero();
    }

    @Test
    void everySelectorSelectsTheOperatorsPodsAndNotTheTests() {
        Manifests chart = Helm.render("--set", "metrics.serviceMonitor.enabled=true", "--set", "podLabels.team=data");
        JsonNode labels = deployment(chart).at("/spec/template/metadata/labels");
        JsonNode test = chart.only("Pod").at("/metadata/labels");
        assertThat(labels.path("team").asText()).isEqualTo("data");
        for (JsonNode selector : List.of(
                deployment(chart).at("/spec/selector/matchLabels"),
                chart.of("Service").toList().get(0).at("/spec/selector"),
                chart.of("Service").toList().get(1).at("/spec/selector"),
                chart.of("Service").toList().get(2).at("/spec/selector"),
                chart.only("PodDisruptionBudget").at("/spec/selector/matchLabels"),
                chart.only("NetworkPolicy").at("/spec/podSelector/matchLabels"),
                pod(chart).at("/topologySpreadConstraints/0/labelSelector/matchLabels"))) {
            assertThat(selects(selector, labels)).as(selector.toString()).isTrue();
            assertThat(selects(selector, test)).as(selector.toString()).isFalse();
        }
        JsonNode monitored = chart.only("ServiceMonitor").at("/spec/selector/matchLabels");
        assertThat(chart.of("Service").filter(service -> selects(monitored, service.at("/metadata/labels"))))
                .singleElement()
                .satisfies(service -> assertThat(
                                service.at("/spec/ports/0/targetPort").asText())
                        .isEqualTo("http"));
    }

    @Test
    void labelsOfTheUserDoNotReplaceThoseThatSelect() {
        Manifests chart = Helm.render("--set", "podLabels.app\\.kubernetes\\.io/name=other");
        assertThat(deployment(chart)
                        .at("/spec/template/metadata/labels/app.kubernetes.io~1name")
                        .asText())
                .isEqualTo("pgmosaic-operator");
    }

    @Test
    void replicasStandOnDifferentNodesUnlessToldOtherwise() {
        JsonNode preferred = pod(Helm.render());
        String weighted = "/affinity/podAntiAffinity/preferredDuringSchedulingIgnoredDuringExecution/0";
        assertThat(preferred.at(weighted + "/podAffinityTerm/topologyKey").asText())
                .isEqualTo(HOST);
        assertThat(preferred
                        .at("/topologySpreadConstraints/0/whenUnsatisfiable")
                        .asText())
                .isEqualTo("ScheduleAnyway");

        Manifests required = Helm.render("--set", "podAntiAffinity=Required,topologySpreadConstraints=null");
        String demanded = "/affinity/podAntiAffinity/requiredDuringSchedulingIgnoredDuringExecution/0";
        assertThat(pod(required).at(demanded + "/topologyKey").asText()).isEqualTo(HOST);
        assertThat(pod(required).has("topologySpreadConstraints")).isFalse();
        assertThat(deployment(required)
                        .at("/spec/strategy/rollingUpdate/maxUnavailable")
                        .asInt())
                .isEqualTo(1);

        assertThat(pod(Helm.render("--set", "podAntiAffinity=None")).has("affinity"))
                .isFalse();
        JsonNode given = pod(Helm.render("--set-json", "affinity={\"nodeAffinity\":{\"here\":true}}"));
        assertThat(given.path("affinity").toString()).isEqualTo("{\"nodeAffinity\":{\"here\":true}}");
    }

    @Test
    void aBudgetOnlyWhereADrainIsLeftAnotherReplica() {
        assertThat(Helm.render()
                        .only("PodDisruptionBudget")
                        .at("/spec/maxUnavailable")
                        .asInt())
                .isEqualTo(1);
        assertThat(Helm.render("--set", "replicas=1").of("PodDisruptionBudget")).isEmpty();
        assertThat(Helm.render("--set", "podDisruptionBudget.enabled=false").of("PodDisruptionBudget"))
                .isEmpty();
    }

    @Test
    void theOperatorIsToldWhatItNeeds() {
        Manifests chart = Helm.render(
                "--set", "watchNamespaces={shop,billing},image.tag=v9,priorityClassName=high,runAsUser=1000680000");
        JsonNode operator = pod(chart).at("/containers/0");
        assertThat(operator.path("image").asText()).isEqualTo("pgmosaic/operator:v9");
        assertThat(environment(operator, "PGMOSAIC_WATCH_NAMESPACES").asText()).isEqualTo("shop,billing");
        assertThat(environment(operator, "PGMOSAIC_INSTANCE_IMAGE").asText()).contains("{version}");
        for (String probe : List.of("startupProbe", "livenessProbe", "readinessProbe")) {
            assertThat(operator.path(probe).at("/httpGet/path").asText())
                    .as(probe)
                    .startsWith("/q/health/");
        }
        assertThat(pod(chart).path("priorityClassName").asText()).isEqualTo("high");
        assertThat(pod(chart).at("/securityContext/runAsUser").asLong()).isEqualTo(1_000_680_000);
        assertThat(pod(chart).path("automountServiceAccountToken").asBoolean()).isTrue();
        assertThat(deployment(chart).at("/spec/replicas").asInt()).isEqualTo(2);
        assertThat(environment(pod(Helm.render()).at("/containers/0"), "PGMOSAIC_WATCH_NAMESPACES")
                        .isMissingNode())
                .isTrue();
    }

    @Test
    void routersAreToldWhereSpansGo() {
        assertThat(environment(pod(Helm.render()).at("/containers/0"), "PGMOSAIC_INJECTION_ENV")
                        .isMissingNode())
                .isTrue();
        JsonNode told = environment(
                pod(Helm.render(
                                "--set-json",
                                "injection.env={\"OTEL_EXPORTER_OTLP_ENDPOINT\":\"http://collector:4318\"}"))
                        .at("/containers/0"),
                "PGMOSAIC_INJECTION_ENV");
        assertThat(told.asText()).isEqualTo("{\"OTEL_EXPORTER_OTLP_ENDPOINT\":\"http://collector:4318\"}");
    }

    @Test
    void connectionsComeInWhereTheyAreExpectedAndGoOutWhereTheyAreLet() {
        JsonNode open = Helm.render().only("NetworkPolicy").path("spec");
        assertThat(Manifests.texts(open.path("policyTypes"))).containsExactly("Ingress");
        assertThat(open.path("ingress").findValuesAsText("port"))
                .containsExactly("topology", "admission", "http", "topology", "http");

        JsonNode narrow = Helm.render(
                        "--set-json",
                        "networkPolicy={\"topologyFrom\":[{\"namespaceSelector\":{}}],"
                                + "\"admissionFrom\":[{\"ipBlock\":{\"cidr\":\"192.0.2.0/24\"}}],"
                                + "\"metricsFrom\":[{\"podSelector\":{}}],\"egress\":[{\"ports\":[{\"port\":443}]}]}")
                .only("NetworkPolicy")
                .path("spec");
        assertThat(Manifests.texts(narrow.path("policyTypes"))).containsExactly("Ingress", "Egress");
        assertThat(narrow.at("/ingress/0/from/0").has("namespaceSelector")).isTrue();
        assertThat(narrow.at("/ingress/1/from/0").has("ipBlock")).isTrue();
        assertThat(narrow.at("/ingress/2/from/0").has("podSelector")).isTrue();
        assertThat(narrow.at("/egress/0/ports/0/port").asInt()).isEqualTo(443);
        assertThat(Helm.render("--set", "networkPolicy.enabled=false").of("NetworkPolicy"))
                .isEmpty();
    }

    @Test
    void monitorsOnlyWhenAskedFor() {
        Manifests chart =
                Helm.render("--set", "metrics.podMonitor.enabled=true,metrics.podMonitor.labels.release=prometheus");
        JsonNode monitor = chart.only("PodMonitor");
        assertThat(monitor.at("/metadata/labels/release").asText()).isEqualTo("prometheus");
        assertThat(monitor.at("/spec/podMetricsEndpoints/0/path").asText()).isEqualTo("/q/metrics");
        assertThat(monitor.at("/spec/podMetricsEndpoints/0/honorLabels").asBoolean())
                .isTrue();
        assertThat(chart.of("ServiceMonitor")).isEmpty();
    }

    private static JsonNode deployment(Manifests chart) {
        return chart.only("Deployment");
    }

    private static JsonNode pod(Manifests chart) {
        return deployment(chart).at("/spec/template/spec");
    }

    private static JsonNode environment(JsonNode container, String name) {
        for (JsonNode variable : container.path("env")) {
            if (variable.path("name").asText().equals(name)) {
                return variable.path("value");
            }
        }
        return container.path("no such variable");
    }

    private static boolean selects(JsonNode selector, JsonNode labels) {
        return !selector.isEmpty()
                && selector.properties().stream()
                        .allMatch(wanted -> wanted.getValue().equals(labels.path(wanted.getKey())));
    }
}
