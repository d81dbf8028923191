package io.pgmosaic.e2e.chart;

import com.fasterxml.jackson.databind.JsonNode;
import io.pgmosaic.e2e.Checkout;
import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

import static org.assertj.core.api.Assertions.assertThat;

/** What the operator may do: what it needs, where it needs it, and nothing else. */
class ChartPermissionsTest {
    /** Verbs by resource, with the API group before it. What is not here was found to be needless. */
    private static final Map<String, Set<String>> NEEDED = Map.ofEntries(
            Map.entry("pgmosaic.io/shardedclusters", Set.of("get", "list", "watch")),
            Map.entry("pgmosaic.io/shardedclusters/status", Set.of("patch", "update")),
            Map.entry("pgmosaic.io/shardsplits", Set.of("get", "list", "watch")),
            Map.entry("pgmosaic.io/shardsplits/status", Set.of("patch", "update")),
            Map.entry("pgmosaic.io/schemamigrations", Set.of("get", "list", "watch")),
            Map.entry("pgmosaic.io/schemamigrations/status", Set.of("patch", "update")),
            Map.entry("pgmosaic.io/shardedclusters/finalizers", Set.of("update")),
            Map.entry("apps/statefulsets", Set.of("get", "list", "watch", "create", "patch", "delete")),
            Map.entry("policy/poddisruptionbudgets", Set.of("get", "list", "watch", "create", "patch", "delete")),
            Map.entry("/services", Set.of("get", "list", "watch", "create", "patch", "delete")),
            Map.entry("/configmaps", Set.of("get", "list", "watch", "create", "patch")),
            Map.entry("/secrets", Set.of("get", "create", "update")),
            Map.entry("/pods", Set.of("get", "list", "watch", "patch", "delete")),
            Map.entry("/persistentvolumeclaims", Set.of("list")),
            Map.entry("batch/jobs", Set.of("get", "create")),
            Map.entry("/events", Set.of("create", "list")));

    private static final Map<String, Set<String>> NEEDED_IN_ITS_OWN_NAMESPACE = Map.of(
            "coordination.k8s.io/leases", Set.of("create"),
            "coordination.k8s.io/leases=pgmosaic-operator", Set.of("get", "update"),
            "/secrets", Set.of("create"),
            "/secrets=pgmosaic-operator-ca", Set.of("get"));

    private static final String OUTSIDE = "pgmosaic-operator.operators";

    private static final Map<String, Set<String>> TO_REVIEW_TOKENS = Map.of(
            "authentication.k8s.io/tokenreviews", Set.of("create"),
            "authorization.k8s.io/subjectaccessreviews", Set.of("create"));

    private static final Map<String, Set<String>> TO_INJECT =
            Map.of("admissionregistration.k8s.io/mutatingwebhookconfigurations=" + OUTSIDE, Set.of("get", "patch"));

    private static final Map<String, Set<String>> TO_VALIDATE =
            Map.of("admissionregistration.k8s.io/validatingwebhookconfigurations=" + OUTSIDE, Set.of("get", "patch"));

    private static final Map<String, Set<String>> TO_FIND_ZONES = Map.of("/nodes", Set.of("get"));

    @Test
    void inTheWholeClusterWithoutAList() {
        Manifests chart =
                Helm.render("--set", "injection.enabled=false,topologyAccess.serviceAccounts=false,readNodes=false");
        JsonNode everywhere = chart.only("ClusterRole");
        assertThat(granted(everywhere)).isEqualTo(new TreeMap<>(NEEDED));
        JsonNode binding = chart.only("ClusterRoleBinding");
        assertThat(binding.at("/roleRef/kind").asText()).isEqualTo("ClusterRole");
        assertThat(binding.at("/roleRef/name").asText())
                .isEqualTo(everywhere.at("/metadata/name").asText());
        assertThat(subjects(chart)).containsOnly("ServiceAccount operators/pgmosaic-operator");
        assertThat(chart.of("Role")).singleElement().satisfies(own -> {
            assertThat(own.at("/metadata/namespace").asText()).isEqualTo(Helm.NAMESPACE);
            assertThat(granted(own)).isEqualTo(new TreeMap<>(NEEDED_IN_ITS_OWN_NAMESPACE));
        });
    }

    @Test
    void outsideOfNamespacesForWebhooksAndTokensAndNothingElse() {
        assertThat(outside("validation.enabled=false"))
                .isEqualTo(all(List.of(TO_REVIEW_TOKENS, TO_FIND_ZONES, TO_INJECT)));
        assertThat(outside("validation.enabled=true"))
                .isEqualTo(all(List.of(TO_REVIEW_TOKENS, TO_FIND_ZONES, TO_INJECT, TO_VALIDATE)));
        assertThat(outside("injection.enabled=false,watchNamespaces={shop},readNodes=true"))
                .isEqualTo(all(List.of(TO_REVIEW_TOKENS)));
        assertThat(outside("injection.enabled=false,topologyAccess.serviceAccounts=false,validation.enabled=true"))
                .isEqualTo(all(List.of(TO_FIND_ZONES, TO_VALIDATE)));
        assertThat(outside("readNodes=false,topologyAccess.serviceAccounts=true"))
                .isEqualTo(all(List.of(TO_REVIEW_TOKENS, TO_INJECT)));
    }

    private static SequencedMap<String, Set<String>> outside(String values) {
        Manifests chart = Helm.render("--set", values);
        assertThat(subjects(chart)).containsOnly("ServiceAccount operators/pgmosaic-operator");
        assertThat(chart.of("ClusterRoleBinding").filter(binding -> hasName(binding, OUTSIDE)))
                .singleElement()
                .satisfies(binding ->
                        assertThat(binding.at("/roleRef/name").asText()).isEqualTo(OUTSIDE));
        return granted(chart.of("ClusterRole")
                .filter(role -> hasName(role, OUTSIDE))
                .findFirst()
                .orElseThrow());
    }

    private static boolean hasName(JsonNode object, String name) {
        return object.at("/metadata/name").asText().equals(name);
    }

    private static SequencedMap<String, Set<String>> all(List<Map<String, Set<String>>> parts) {
        TreeMap<String, Set<String>> all = new TreeMap<>();
        parts.forEach(all::putAll);
        return all;
    }

    @Test
    void inTheListedNamespacesAloneWithAList() {
        Manifests chart = Helm.render(
                "--set",
                "watchNamespaces={shop,billing},serviceAccount.name=mosaic,injection.enabled=false,"
                        + "topologyAccess.serviceAccounts=false");
        assertThat(chart.of("ClusterRole")).isEmpty();
        assertThat(chart.of("ClusterRoleBinding")).isEmpty();
        assertThat(chart.names())
                .filteredOn(name -> name.startsWith("Role"))
                .containsExactlyInAnyOrder(
                        "Role shop/pgmosaic-operator",
                        "Role billing/pgmosaic-operator",
                        "Role operators/pgmosaic-operator-self",
                        "RoleBinding shop/pgmosaic-operator",
                        "RoleBinding billing/pgmosaic-operator",
                        "RoleBinding operators/pgmosaic-operator-self");
        assertThat(chart.of("Role").filter(role -> !namespace(role).equals(Helm.NAMESPACE)))
                .allSatisfy(role -> assertThat(granted(role)).isEqualTo(new TreeMap<>(NEEDED)));
        assertThat(subjects(chart)).containsOnly("ServiceAccount operators/mosaic");
        assertThat(chart.of("RoleBinding"))
                .allSatisfy(binding ->
                        assertThat(binding.at("/roleRef/kind").asText()).isEqualTo("Role"));
    }

    @Test
    void noneThatSomebodyElseGrants() {
        Manifests chart =
                Helm.render("--set", "rbac.create=false,serviceAccount.create=false,serviceAccount.name=given");
        assertThat(chart.names()).noneMatch(name -> name.matches("(Cluster)?Role(Binding)? .*|ServiceAccount .*"));
        assertThat(chart.only("Deployment")
                        .at("/spec/template/spec/serviceAccountName")
                        .asText())
                .isEqualTo("given");
    }

    @Test
    void everyRuleSaysWhatItIsFor() {
        List<String> lines =
                Checkout.read("helm/pgmosaic/templates/_rules.tpl").lines().toList();
        List<Integer> rules = IntStream.range(0, lines.size())
                .filter(line -> lines.get(line).startsWith("- apiGroups"))
                .boxed()
                .toList();
        assertThat(rules).hasSizeGreaterThan(NEEDED_IN_ITS_OWN_NAMESPACE.size()).allSatisfy(rule -> assertThat(
                        lines.get(rule - 1))
                .as("the line above %s", lines.get(rule))
                .startsWith("# "));
    }

    private static SequencedMap<String, Set<String>> granted(JsonNode role) {
        TreeMap<String, Set<String>> granted = new TreeMap<>();
        for (JsonNode rule : role.path("rules")) {
            assertThat(rule.toString()).as("a wildcard").doesNotContain("*");
            assertThat(rule.has("nonResourceURLs")).isFalse();
            List<String> names = Manifests.texts(rule.path("resourceNames"));
            for (String group : Manifests.texts(rule.path("apiGroups"))) {
                for (String resource : Manifests.texts(rule.path("resources"))) {
                    for (String name : names.isEmpty() ? List.of("") : names) {
                        String what = group + "/" + resource + (name.isEmpty() ? "" : "=" + name);
                        Set<String> verbs = granted.computeIfAbsent(what, unused -> new TreeSet<>());
                        assertThat(Manifests.texts(rule.path("verbs")))
                                .as("granted twice: %s", what)
                                .allMatch(verbs::add);
                    }
                }
            }
        }
        return granted;
    }

    private static Stream<String> subjects(Manifests chart) {
        return Stream.concat(chart.of("ClusterRoleBinding"), chart.of("RoleBinding"))
                .flatMap(
                        binding -> StreamSupport.stream(binding.path("subjects").spliterator(), false))
                .map(subject -> subject.path("kind").asText() + " "
                        + subject.path("namespace").asText() + "/"
                        + subject.path("name").asText());
    }

    private static String namespace(JsonNode object) {
        return object.at("/metadata/namespace").asText();
    }
}
