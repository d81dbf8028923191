package io.pgmosaic.operator.cluster;

import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.server.mock.EnableKubernetesMockClient;
import io.pgmosaic.api.v1alpha1.cluster.ShardedClusterSpec;
import io.pgmosaic.operator.desired.ClusterIntent;
import io.pgmosaic.operator.pki.CertificateAuthority;
import io.pgmosaic.operator.validation.SpecCases;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.security.GeneralSecurityException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Against an API that stores what it is given. */
@EnableKubernetesMockClient(crud = true)
class ClusterSecretsTest {
    private static final Instant NOW = Instant.parse("2026-01-01T12:00:00Z");
    private static final List<String> SHARDS = List.of("s0");

    @SuppressWarnings("NullAway.Init")
    private KubernetesClient client;

    @SuppressWarnings("NullAway.Init")
    private OperatorIdentity identity;

    @BeforeEach
    void identify() throws GeneralSecurityException {
        identity = OperatorIdentity.load(new Secrets(client), "pgmosaic-system", Clock.fixed(NOW, ZoneOffset.UTC));
    }

    @Test
    void areMadeOnceAndLeftAlone() throws ProblemException {
        ensure(NOW);
        List<Secret> made = all();
        assertThat(made)
                .extracting(secret -> secret.getMetadata().getName())
                .containsExactlyInAnyOrder(
                        "orders-ca", "orders-s0-tls", "orders-credentials", "orders-app", "orders-router");
        ensure(NOW.plus(Duration.ofDays(1)));
        assertThat(all()).containsExactlyInAnyOrderElementsOf(made);
    }

    @Test
    void aCertificateIsReplacedBeforeItsEndAndThePasswordsAreNot() throws ProblemException {
        ensure(NOW);
        Secret certificate = find("orders-s0-tls");
        Secret authority = find("orders-ca");
        Secret credentials = find("orders-credentials");
        ensure(NOW.plus(Duration.ofDays(61)));
        assertThat(find("orders-s0-tls").getData().get("tls.crt"))
                .isNotEqualTo(certificate.getData().get("tls.crt"));
        assertThat(find("orders-ca").getData()).isEqualTo(authority.getData());
        assertThat(find("orders-credentials").getData()).isEqualTo(credentials.getData());
    }

    @Test
    void aKeyThatIsNotThatOfItsCertificateIsReplaced() throws ProblemException, GeneralSecurityException {
        ensure(NOW);
        CertificateAuthority authority = CertificateAuthority.of(Secrets.certifiedKey(find("orders-ca")));
        String other =
                authority.issueInstance(List.of("a"), NOW, Duration.ofDays(90)).key();
        put("orders-s0-tls", "tls.key", other);
        ensure(NOW);
        assertThat(Secrets.text(find("orders-s0-tls"), "tls.key")).isNotEqualTo(other);
    }

    @Test
    void aSecretOfAnEarlierVersionIsGivenTheNewPasswordAndKeepsTheOthers() throws ProblemException {
        ensure(NOW);
        Secret before = find("orders-credentials");
        remove("orders-credentials", "monitor-password");
        ensure(NOW);
        assertThat(find("orders-credentials").getData())
                .containsOnlyKeys(before.getData().keySet().toArray(String[]::new))
                .containsEntry("superuser-password", before.getData().get("superuser-password"))
                .containsEntry("setup-password", before.getData().get("setup-password"));
    }

    @Test
    void keysOfTokensAreAddedToTheSecretOfAnEarlierVersionAndChangedAfterAMonth() throws ProblemException {
        ensure(NOW);
        Secret before = find("orders-router");
        remove("orders-router", "causal-keys");
        ensure(NOW);
        String keys = Secrets.text(find("orders-router"), "causal-keys");
        assertThat(keys).contains(" SIGNS ");
        assertThat(find("orders-router").getData())
                .containsEntry("token", before.getData().get("token"));
        ensure(NOW.plus(Duration.ofDays(30)));
        assertThat(Secrets.text(find("orders-router"), "causal-keys"))
                .startsWith(keys)
                .contains(" NEXT ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"manager-password", "replication-password"})
    void aPasswordThatOnlyPostgresKnowsIsNotMadeAnew(String key) throws ProblemException {
        ensure(NOW);
        remove("orders-credentials", key);
        assertThatThrownBy(() -> ensure(NOW))
                .isInstanceOf(ProblemException.class)
                .hasMessage("Secret orders-credentials has no key " + key
                        + ", and PostgreSQL knows only the password that was in it; restore it from a backup");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "orders-ca tls.key",
                "orders-s0-tls tls.crt",
                "orders-s0-tls tls.key",
                "orders-credentials superuser-password",
                "orders-credentials setup-password",
                "orders-app password",
                "orders-router token"
            })
    void aKeyThatIsMissingIsNamed(String what) throws ProblemException {
        String secret = what.split(" ", -1)[0];
        String key = what.split(" ", -1)[1];
        ensure(NOW);
        remove(secret, key);
        assertThatThrownBy(() -> ensure(NOW))
                .isInstanceOf(ProblemException.class)
                .hasMessageStartingWith("Secret " + secret + " has no key " + key + "; add it");
    }

    private void ensure(Instant now) throws ProblemException {
        ShardedClusterSpec spec = SpecCases.parse(SpecCases.full().without(List.of("credentials", "tls")));
        new ClusterSecrets(new Secrets(client), identity, Clock.fixed(now, ZoneOffset.UTC))
                .ensure(new ClusterIntent("shop", "orders", "uid-1", spec, "image"), SHARDS, false);
    }

    private List<Secret> all() {
        return client.secrets().inNamespace("shop").list().getItems();
    }

    private Secret find(String name) {
        return client.secrets().inNamespace("shop").withName(name).get();
    }

    private void put(String name, String key, String value) {
        client.secrets().inNamespace("shop").withName(name).edit(secret -> new SecretBuilder(secret)
                .addToData(Secrets.encode(java.util.Map.of(key, value)))
                .build());
    }

    private void remove(String name, String key) {
        client.secrets().inNamespace("shop").withName(name).edit(secret -> new SecretBuilder(secret)
                .removeFromData(key)
                .build());
    }
}
