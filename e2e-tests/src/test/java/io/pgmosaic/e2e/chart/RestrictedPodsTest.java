package io.pgmosaic.e2e.chart;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pgmosaic.e2e.Checkout;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

import static org.assertj.core.api.Assertions.assertThat;

/** Every pod that the product makes meets the restricted pod security standard. */
class RestrictedPodsTest {
    /** What the operator applies; its own tests hold these files against its code. */
    private static final Path APPLIED = Checkout.root().resolve("operator/src/test/resources/golden");

    static List<Path> workloads() {
        try (Stream<Path> files = Files.walk(APPLIED)) {
            return files.filter(file -> file.toString().endsWith(".yaml"))
                    .filter(file -> Manifests.parse(Checkout.read(file)).objects().stream()
                            .anyMatch(object -> !object.at("/spec/template").isMissingNode()
                                    || object.path("kind").asText().equals("Pod")))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @ParameterizedTest
    @MethodSource("workloads")
    void ofDatabasesWithoutCredentialsOfKubernetes(Path file) {
        assertThat(Manifests.parse(Checkout.read(file)).objects()).isNotEmpty().allSatisfy(object -> {
            JsonNode pod = object.at("/spec/template/spec");
            assertThat(RestrictedStandard.violations(pod)).isEmpty();
            assertThat(pod.path("automountServiceAccountToken").isBoolean()
                            && !pod.path("automountServiceAccountToken").asBoolean())
                    .isTrue();
            assertThat(pod.toString()).doesNotContain("serviceAccountToken\"");
        });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "replicas=2",
                "runAsUser=null,runAsGroup=null,fsGroup=null",
                "watchNamespaces={shop},priorityClassName=high,podAntiAffinity=Required"
            })
    void ofTheChart(String values) {
        Manifests chart = Helm.render("--set", values);
        assertThat(RestrictedStandard.violations(chart.only("Deployment").at("/spec/template/spec")))
                .isEmpty();
        JsonNode test = chart.only("Pod").path("spec");
        assertThat(RestrictedStandard.violations(test)).isEmpty();
        assertThat(test.path("automountServiceAccountToken").asBoolean(true)).isFalse();
    }

    /** Applications that meet the standard, after the operator has given them a router; its own tests hold the files. */
    @ParameterizedTest
    @ValueSource(strings = {"native", "plain", "other-namespace"})
    void ofApplicationsWithARouter(String name) {
        JsonNode pod = Manifests.parse(Checkout.read("operator/src/test/resources/injected/" + name + ".yaml"))
                .only("Pod");
        assertThat(pod.toString()).contains("\"name\":\"pgmosaic-router\"");
        assertThat(RestrictedStandard.violations(pod.path("spec"))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"application", "application-without-webhook"})
    void ofTheExamples(String name) {
        JsonNode pod = Manifests.parse(Checkout.read("examples/" + name + ".yaml"))
                .only("Deployment")
                .at("/spec/template/spec");
        assertThat(RestrictedStandard.violations(pod)).isEmpty();
    }

    /** The test itself: a pod that meets the standard, with one thing changed. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/hostNetwork | true | hostNetwork",
                "/hostPID | true | hostPID",
                "/hostIPC | true | hostIPC",
                "/volumes/0/hostPath | {\"path\":\"/\"} | volume",
                "/securityContext/runAsNonRoot | false | runAsNonRoot",
                "/securityContext/runAsUser | 0 | user 0",
                "/securityContext/seccompProfile/type | \"Unconfined\" | seccomp",
                "/securityContext/sysctls | [{\"name\":\"a\"}] | sysctls",
                "/containers/0/securityContext/runAsUser | 0 | user 0",
                "/containers/0/securityContext/runAsNonRoot | false | root",
                "/containers/0/securityContext/privileged | true | privileged",
                "/containers/0/securityContext/allowPrivilegeEscalation | true | escalate",
                "/containers/0/securityContext/readOnlyRootFilesystem | false | root file system",
                "/containers/0/securityContext/capabilities/drop | [\"NET_RAW\"] | capabilities",
                "/containers/0/securityContext/capabilities/add | [\"NET_ADMIN\"] | capabilities",
                "/containers/0/securityContext/seccompProfile/type | \"Localhost\" | seccomp",
                "/containers/0/securityContext/procMount | \"Unmasked\" | /proc",
                "/containers/0/securityContext/seLinuxOptions | {\"type\":\"spc_t\"} | SELinux",
                "/containers/0/securityContext/appArmorProfile | {\"type\":\"Unconfined\"} | AppArmor",
                "/containers/0/ports/0/hostPort | 8080 | port of the host",
                "/containers/0/livenessProbe/httpGet/host | \"10.0.0.1\" | host",
                "/initContainers | [{\"name\":\"first\"}] | first"
            })
    void isNotSoAfterAnyOfTheseChanges(String pointer, String value, String complaint) throws IOException {
        JsonNode pod =
                Helm.render().only("Deployment").at("/spec/template/spec").deepCopy();
        int last = pointer.lastIndexOf('/');
        JsonNode changed = new ObjectMapper().readTree(value);
        ((ObjectNode) pod.at(pointer.substring(0, last))).set(pointer.substring(last + 1), changed);
        assertThat(RestrictedStandard.violations(pod)).isNotEmpty().allSatisfy(violation -> assertThat(violation)
                .contains(complaint));
    }

    @Test
    void whichOfThemThereAre() {
        assertThat(workloads()).hasSizeGreaterThanOrEqualTo(4);
    }
}
