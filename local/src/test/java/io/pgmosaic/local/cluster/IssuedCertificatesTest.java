package io.pgmosaic.local.cluster;

import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;

import static org.assertj.core.api.Assertions.assertThat;

/** Certificates that another authority has issued, from the complaint about what is missing to a cluster that serves. */
final class IssuedCertificatesTest {

    @RegisterExtension
    static final OneLocalCluster ONE = new OneLocalCluster("issued");

    private final LocalCluster local = ONE.local();

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path authority;

    @Test
    void areWhatTheClusterIsMadeWith() throws IOException, InterruptedException, SQLException {
        TestCluster cluster = TestCluster.create(
                local, "issued", "shards: {count: 1}", "instancesPerShard: 2", "tls: {issuer: External}");
        Condition missing = cluster.awaitCondition("Stalled", "True", "PrerequisiteMissing");
        assertThat(missing.getMessage())
                .contains("Secret issued-operator-client does not exist", "Secret issued-s0-tls does not exist");

        openssl("req", "-x509", "-subj", "/CN=root", "-days", "2", "-out", "ca.crt", "-keyout", "ca.key");
        issue("issued-operator-client", "/O=pgmosaic/CN=operator", "clientAuth", List.of());
        List<String> names = new ArrayList<>(List.of("issued-s0", "*.issued-s0", "issued-s0-replicas"));
        issue("issued-s0-tls", "/CN=server", "serverAuth,clientAuth", names);
        cluster.awaitThat(found -> found.getStatus().conditions().stream().anyMatch(condition -> condition
                .getMessage()
                .contains("Secret issued-s0-tls: tls.crt lacks the DNS names issued-s0-primary." + TestCluster.NAMESPACE
                        + ".svc")));
        assertThat(cluster.pods()).isEmpty();

        names.add("issued-s0-primary");
        issue("issued-s0-tls", "/CN=server", "serverAuth,clientAuth", names);
        cluster.awaitReady();
        try (Connection application = cluster.application()) {
            assertThat(TestCluster.one(application, "SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()"))
                    .isEqualTo("t");
        }
        assertThat(secret("issued-router").getData())
                .containsEntry("postgres-ca.crt", encoded(authority.resolve("ca.crt")));
        assertThat(local.client()
                        .secrets()
                        .inNamespace(TestCluster.NAMESPACE)
                        .withName("issued-ca")
                        .get())
                .as("an authority of the operator's own")
                .isNull();
    }

    /** @param names without their namespace */
    private void issue(String secret, String subject, String usages, List<String> names)
            throws IOException, InterruptedException {
        String alternatives = names.isEmpty()
                ? ""
                : "subjectAltName="
                        + String.join(
                                ",",
                                names.stream()
                                        .map(name -> "DNS:" + name + "." + TestCluster.NAMESPACE + ".svc")
                                        .toList())
                        + "\n";
        Files.writeString(authority.resolve("extensions"), "extendedKeyUsage=" + usages + "\n" + alternatives);
        openssl("req", "-subj", subject, "-out", "request", "-keyout", "key");
        run(List.of(
                "openssl",
                "x509",
                "-req",
                "-in",
                "request",
                "-CA",
                "ca.crt",
                "-CAkey",
                "ca.key",
                "-CAcreateserial",
                "-days",
                "1",
                "-extfile",
                "extensions",
                "-out",
                "certificate"));
        Secret wanted = new SecretBuilder()
                .withNewMetadata()
                .withName(secret)
                .withNamespace(TestCluster.NAMESPACE)
                .endMetadata()
                .withType("kubernetes.io/tls")
                .withData(Map.of(
                        "tls.crt", encoded(authority.resolve("certificate")),
                        "tls.key", encoded(authority.resolve("key")),
                        "ca.crt", encoded(authority.resolve("ca.crt"))))
                .build();
        local.client().resource(wanted).createOr(existing -> existing.update());
    }

    /** With a new key. */
    private void openssl(String command, String... arguments) throws IOException, InterruptedException {
        List<String> all = new ArrayList<>(List.of("openssl", command));
        all.addAll(List.of("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"));
        all.addAll(Arrays.asList(arguments));
        run(all);
    }

    private void run(List<String> command) throws IOException, InterruptedException {
        Path output = authority.resolve("output");
        Process process = new ProcessBuilder(command)
                .directory(authority.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        assertThat(process.waitFor()).as(() -> command + ": " + output).isZero();
    }

    private Secret secret(String name) {
        return local.client()
                .secrets()
                .inNamespace(TestCluster.NAMESPACE)
                .withName(name)
                .get();
    }

    private static String encoded(Path file) {
        try {
            return Base64.getEncoder().encodeToString(Files.readAllBytes(file));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
