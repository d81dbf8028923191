package io.pgmosaic.operator.cluster;

import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.server.mock.EnableKubernetesMockClient;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import io.pgmosaic.api.v1alpha1.cluster.ShardedCluster;
import io.pgmosaic.api.v1alpha1.cluster.ShardedClusterSpec;
import io.pgmosaic.operator.desired.ClusterIntent;
import io.pgmosaic.operator.pki.CertificateAuthority;
import io.pgmosaic.operator.pki.CertifiedKey;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.UnaryOperator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** With certificates that have what the example asks cert-manager for. */
@EnableKubernetesMockClient(crud = true)
class ExternalCertificatesTest {
    private static final Instant NOW = Instant.parse("2026-01-01T12:00:00Z");
    private static final Duration LIFETIME = Duration.ofDays(90);

    @SuppressWarnings("NullAway.Init")
    private KubernetesClient client;

    private final List<Map<String, Object>> example = example();
    private final CertifiedKey root = CertificateAuthority.create("orders", NOW, Duration.ofDays(3650));

    /** A resource of cert-manager, as far as it is looked at here. */
    private record Asked(String secretName, List<String> dnsNames, List<String> usages, Map<String, Object> spec) {}

    @Test
    void thoseOfTheExampleAreAccepted() throws Exception {
        issue(UnaryOperator.identity());
        assertThat(require()).isEqualTo(root.certificate());
    }

    @Test
    void theExampleAsksForKeysThatCanBeRead() {
        assertThat(asked()).hasSize(3).allSatisfy(certificate -> assertThat(
                        certificate.spec().get("privateKey"))
                .isEqualTo(Map.of("algorithm", "ECDSA", "size", 256, "encoding", "PKCS8")));
    }

    @Test
    void aNameThatIsMissingIsNamed() throws Exception {
        issue(names ->
                names.stream().filter(name -> !name.contains("s1-primary")).toList());
        assertThatThrownBy(this::require)
                .isInstanceOf(ProblemException.class)
                .hasMessage("Secret orders-s1-tls: tls.crt lacks the DNS names orders-s1-primary.default.svc."
                        + " spec.tls.issuer is External: have these certificates issued as docs/certificates.md says");
    }

    @Test
    void everySecretThatIsMissingIsNamed() {
        assertThatThrownBy(this::require)
                .hasMessageContaining("Secret orders-operator-client does not exist in namespace default")
                .hasMessageContaining("Secret orders-s0-tls does not exist")
                .hasMessageContaining("Secret orders-s1-tls does not exist");
    }

    @Test
    void aKeyOfASecretThatIsMissingIsNamed() throws Exception {
        issue(UnaryOperator.identity());
        client.secrets().inNamespace("default").withName("orders-s0-tls").edit(secret -> new SecretBuilder(secret)
                .removeFromData("ca.crt")
                .build());
        assertThatThrownBy(this::require).hasMessageContaining("Secret orders-s0-tls has no key ca.crt");
    }

    private String require() throws ProblemException {
        KubernetesSerialization yaml = new KubernetesSerialization();
        ShardedCluster cluster = example.stream()
                .filter(document -> "ShardedCluster".equals(document.get("kind")))
                .map(document -> yaml.convertValue(document, ShardedCluster.class))
                .findFirst()
                .orElseThrow();
        ShardedClusterSpec spec = cluster.getSpec();
        ClusterIntent intent =
                new ClusterIntent("default", cluster.getMetadata().getName(), "uid-1", spec, "image");
        return new ExternalCertificates(new Secrets(client), Clock.fixed(NOW, ZoneOffset.UTC))
                .require(intent, spec.shards().shardNames());
    }

    /** As cert-manager would, with these changes to the names. */
    private void issue(UnaryOperator<List<String>> names) throws GeneralSecurityException {
        CertificateAuthority authority = CertificateAuthority.of(root);
        for (Asked certificate : asked()) {
            CertifiedKey issued;
            if (certificate.usages().contains("server auth")) {
                assertThat(certificate.usages()).contains("client auth");
                issued = authority.issueInstance(names.apply(certificate.dnsNames()), NOW, LIFETIME);
            } else {
                assertThat(certificate.usages()).contains("client auth");
                assertThat(certificate.spec()).containsEntry("commonName", "operator");
                assertThat(certificate.spec()).containsEntry("subject", Map.of("organizations", List.of("pgmosaic")));
                issued = authority.issueOperatorClient(NOW, LIFETIME);
            }
            client.resource(new SecretBuilder()
                            .withNewMetadata()
                            .withName(certificate.secretName())
                            .withNamespace("default")
                            .endMetadata()
                            .withType("kubernetes.io/tls")
                            .withData(Secrets.encode(Secrets.data(issued, root.certificate())))
                            .build())
                    .create();
        }
    }

    @SuppressWarnings("unchecked")
    private List<Asked> asked() {
        return example.stream()
                .filter(document -> "Certificate".equals(document.get("kind")))
                .map(document -> (Map<String, Object>) Objects.requireNonNull(document.get("spec")))
                .filter(spec -> !Boolean.TRUE.equals(spec.get("isCA")))
                .map(spec -> new Asked(
                        String.valueOf(spec.get("secretName")),
                        (List<String>) spec.getOrDefault("dnsNames", List.of()),
                        (List<String>) spec.getOrDefault("usages", List.of()),
                        new HashMap<>(spec)))
                .toList();
    }

    @SuppressWarnings("unchecked")
    private static List<Map<String, Object>> example() {
        Path directory = Path.of("").toAbsolutePath();
        while (!Files.isDirectory(directory.resolve("examples"))) {
            directory = Objects.requireNonNull(directory.getParent(), "run this inside the repository");
        }
        try {
            return Arrays.stream(Files.readString(directory.resolve("examples/cert-manager.yaml"))
                            .split("(?m)^---$"))
                    .map(text -> (Map<String, Object>) new KubernetesSerialization().unmarshal(text, Map.class))
                    .toList();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
