package io.pgmosaic.operator.cluster;

import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.server.mock.EnableKubernetesMockClient;
import io.fabric8.kubernetes.client.server.mock.KubernetesMockServer;
import io.pgmosaic.api.v1alpha1.cluster.CertificateIssuer;
import io.pgmosaic.operator.ClusterKey;
import io.pgmosaic.operator.SetClock;
import io.pgmosaic.operator.instance.ClusterIdentities;
import io.pgmosaic.operator.pki.CertificateAuthority;
import io.pgmosaic.operator.pki.CertifiedKey;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Against an API that stores what it is given. */
@EnableKubernetesMockClient(crud = true)
class ClusterTrustTest {
    private static final ClusterKey ORDERS = new ClusterKey("shop", "orders");
    private static final Instant BEGAN = Instant.parse("2026-01-01T12:00:00Z");

    @SuppressWarnings("NullAway.Init")
    private KubernetesMockServer server;

    @SuppressWarnings("NullAway.Init")
    private KubernetesClient client;

    private final List<String> authorities = new CopyOnWriteArrayList<>();
    private final List<CertifiedKey> taken = new CopyOnWriteArrayList<>();
    private final SetClock clock = new SetClock(BEGAN);
    private Runnable duringTheLook = () -> {};
    private Optional<CertificateIssuer> issuer = Optional.of(CertificateIssuer.OPERATOR);

    @SuppressWarnings("NullAway.Init")
    private ClusterTrust trust;

    @BeforeEach
    void build() {
        trust = new ClusterTrust(
                new Secrets(client),
                cluster -> {
                    duringTheLook.run();
                    return issuer;
                },
                new ClusterIdentities() {
                    @Override
                    public void setCluster(ClusterKey cluster, String authorityPem, CertifiedKey identity) {
                        assertThat(cluster).isEqualTo(ORDERS);
                        authorities.add(authorityPem);
                        taken.add(identity);
                    }

                    @Override
                    public void forgetCluster(ClusterKey cluster) {
                        taken.clear();
                    }
                },
                Runnable::run,
                clock);
    }

    @Test
    void isNotThereBeforeItWasMade() {
        assertThatThrownBy(() -> trust.ensure(ORDERS))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("orders-ca");
    }

    @Test
    void isNotThereForAClusterThatIsGone() {
        store("orders-ca", authority(), "");
        issuer = Optional.empty();
        assertThatThrownBy(() -> trust.ensure(ORDERS))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("no ShardedCluster");
        assertThat(taken).isEmpty();
    }

    @Test
    void whatAnEarlierClusterOfTheNameLeftIsNotTaken() throws IOException, GeneralSecurityException {
        CertifiedKey earlier = authority();
        store(
                "orders-operator-client",
                CertificateAuthority.of(earlier).issueOperatorClient(BEGAN, Duration.ofDays(90)),
                earlier.certificate());
        CertifiedKey present = authority();
        store("orders-ca", present, "");
        trust.ensure(ORDERS);
        assertThat(authorities).containsExactly(CertificateAuthority.of(present).certificatePem());
    }

    @Test
    void aLookUnderWayWhenTheClusterIsForgottenSetsNothing() throws IOException {
        store("orders-ca", authority(), "");
        trust.ensure(ORDERS);
        clock.pass(Duration.ofHours(12));
        duringTheLook = () -> trust.forget(ORDERS);
        trust.ensure(ORDERS);
        assertThat(taken).isEmpty();
    }

    @Test
    void ownCertificatesAreReplacedAtHalfOfTheirLife() throws IOException {
        store("orders-ca", authority(), "");
        trust.ensure(ORDERS);
        clock.set(BEGAN.plus(Duration.ofHours(11)));
        trust.ensure(ORDERS);
        assertThat(taken).hasSize(1);
        clock.set(BEGAN.plus(Duration.ofHours(12)));
        trust.ensure(ORDERS);
        assertThat(taken).hasSize(2).doesNotHaveDuplicates();
    }

    @Test
    void issuedOnesAreTakenWithinAMinuteOfAChangeAndOnlyThen() throws IOException, GeneralSecurityException {
        issuer = Optional.of(CertificateIssuer.EXTERNAL);
        CertifiedKey root = authority();
        CertificateAuthority authority = CertificateAuthority.of(root);
        CertifiedKey first = authority.issueOperatorClient(BEGAN, Duration.ofDays(90));
        store("orders-operator-client", first, root.certificate());
        trust.ensure(ORDERS);
        assertThat(taken).containsExactly(first);
        CertifiedKey second = authority.issueOperatorClient(BEGAN, Duration.ofDays(90));
        store("orders-operator-client", second, root.certificate());
        trust.ensure(ORDERS);
        clock.pass(Duration.ofMinutes(1));
        trust.ensure(ORDERS);
        assertThat(taken).containsExactly(first, second);
        int asked = server.getRequestCount();
        clock.pass(Duration.ofMinutes(1));
        trust.ensure(ORDERS);
        assertThat(server.getRequestCount()).isGreaterThan(asked);
        assertThat(taken).as("connections go on when nothing was changed").containsExactly(first, second);
    }

    @Test
    void anApiThatIsAwayEndsNothing() throws IOException {
        store("orders-ca", authority(), "");
        trust.ensure(ORDERS);
        client.secrets().inNamespace("shop").withName("orders-ca").delete();
        int asked = server.getRequestCount();
        clock.set(BEGAN.plus(Duration.ofHours(12)));
        trust.ensure(ORDERS);
        assertThat(server.getRequestCount()).isGreaterThan(asked);
        trust.ensure(ORDERS);
        assertThat(taken).hasSize(1);
    }

    private static CertifiedKey authority() {
        return CertificateAuthority.create("orders", BEGAN, Duration.ofDays(3650));
    }

    private void store(String name, CertifiedKey key, String authorityPem) {
        Secret secret = new SecretBuilder()
                .withNewMetadata()
                .withName(name)
                .withNamespace("shop")
                .endMetadata()
                .withData(Secrets.encode(Secrets.data(key, authorityPem)))
                .build();
        client.resource(secret).createOr(existing -> existing.update());
    }
}
