package io.pgmosaic.operator.instance;

import io.pgmosaic.operator.ClusterKey;
import io.pgmosaic.operator.pki.CertificateAuthority;
import io.pgmosaic.protocol.instance.InstanceCommand;
import io.pgmosaic.protocol.instance.InstanceIdentity;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Real TLS between the operator and instances of two clusters, each with an authority of its own. */
@Timeout(60)
class InstanceTrustTest {
    private static final ClusterKey ORDERS = new ClusterKey("shop", "orders");
    private static final ClusterKey BILLING = new ClusterKey("bank", "billing");
    private static final String ORDERS_S0 = "orders-s0.shop.svc";
    private static final String BILLING_S0 = "billing-s0.bank.svc";

    private final CertificateAuthority orders = authority("orders");
    private final CertificateAuthority billing = authority("billing");
    private final InstanceTrust trust = new InstanceTrust();
    private final HttpInstanceClient client = new HttpInstanceClient(trust, cluster -> {}, command -> true);

    InstanceTrustTest() throws GeneralSecurityException {
        load(ORDERS, orders);
        load(BILLING, billing);
    }

    @AfterEach
    void end() {
        client.close();
    }

    @Test
    void showsEachClusterTheCertificateOfItsOwnAuthority() throws Exception {
        try (FakeInstanceManager ofOrders = new FakeInstanceManager("127.9.0.1", 0, orders, ORDERS_S0);
                FakeInstanceManager ofBilling = new FakeInstanceManager("127.9.0.2", 0, billing, BILLING_S0)) {
            for (int i = 0; i < 3; i++) {
                talk(ORDERS, ORDERS_S0, "127.9.0.1", ofOrders.port());
                talk(BILLING, BILLING_S0, "127.9.0.2", ofBilling.port());
            }
            assertThat(String.valueOf(ofOrders.client)).contains("CN=operator", "O=pgmosaic");
            assertThat(ofBilling.client).isNotNull();
        }
    }

    @Test
    void refusesTheInstanceOfAnotherShard() throws Exception {
        try (FakeInstanceManager other = new FakeInstanceManager("127.9.0.1", 0, orders, "orders-s1.shop.svc")) {
            refuses(ORDERS, ORDERS_S0, "127.9.0.1", other, "does not name " + ORDERS_S0);
        }
    }

    @Test
    void refusesTheInstanceOfAnotherClusterWhateverItsNameSays() throws Exception {
        try (FakeInstanceManager other = new FakeInstanceManager("127.9.0.1", 0, billing, ORDERS_S0)) {
            refuses(ORDERS, ORDERS_S0, "127.9.0.1", other, "path");
        }
    }

    @Test
    void refusesEveryoneWhileTheAuthorityIsNotLoaded() throws Exception {
        trust.forgetCluster(ORDERS);
        try (FakeInstanceManager manager = new FakeInstanceManager("127.9.0.1", 0, orders, ORDERS_S0)) {
            refuses(ORDERS, ORDERS_S0, "127.9.0.1", manager, "not loaded");
            load(ORDERS, orders);
            talk(ORDERS, ORDERS_S0, "127.9.0.1", manager.port());
        }
    }

    @Test
    void followsAnAddressThatPassesToAnotherCluster() throws Exception {
        int port;
        try (FakeInstanceManager before = new FakeInstanceManager("127.9.0.1", 0, orders, ORDERS_S0)) {
            port = before.port();
            talk(ORDERS, ORDERS_S0, "127.9.0.1", port);
        }
        try (FakeInstanceManager after = new FakeInstanceManager("127.9.0.1", port, billing, BILLING_S0)) {
            talk(BILLING, BILLING_S0, "127.9.0.1", port);
            refuses(ORDERS, ORDERS_S0, "127.9.0.1", after, "path");
        }
    }

    /** The new authority of a cluster that was deleted and made anew must not be taken for the old one. */
    @Test
    void doesNotGoOnWithWhomItTrustedBeforeTheAuthorityChanged() throws Exception {
        try (FakeInstanceManager old = new FakeInstanceManager("127.9.0.1", 0, orders, ORDERS_S0)) {
            talk(ORDERS, ORDERS_S0, "127.9.0.1", old.port());
            load(ORDERS, billing);
            refuses(ORDERS, ORDERS_S0, "127.9.0.1", old, "path");
        }
    }

    @Test
    void doesNotGoOnWithTheInstanceOfTheClusterThatHadTheAddress() throws Exception {
        try (FakeInstanceManager old = new FakeInstanceManager("127.9.0.1", 0, orders, ORDERS_S0)) {
            talk(ORDERS, ORDERS_S0, "127.9.0.1", old.port());
            refuses(BILLING, BILLING_S0, "127.9.0.1", old, "path");
        }
    }

    private void load(ClusterKey cluster, CertificateAuthority authority) throws GeneralSecurityException {
        trust.setCluster(
                cluster, authority.certificatePem(), authority.issueOperatorClient(Instant.now(), Duration.ofHours(1)));
    }

    private void talk(ClusterKey cluster, String service, String address, int port)
            throws IOException, InterruptedException {
        assertThat(send(cluster, service, address, port)).isEqualTo(new CommandOutcome.Done());
    }

    private void refuses(
            ClusterKey cluster, String service, String address, FakeInstanceManager manager, String because) {
        manager.request = null;
        assertThatThrownBy(() -> send(cluster, service, address, manager.port()))
                .isInstanceOf(InstanceUnreachableException.class)
                .hasMessageContaining(because);
        assertThat(manager.request).as("what the wrong one was told").isNull();
    }

    private CommandOutcome send(ClusterKey cluster, String service, String address, int port)
            throws IOException, InterruptedException {
        InstanceIdentity identity =
                new InstanceIdentity(cluster.namespace(), cluster.name(), "uid", "s0", cluster.name() + "-s0-0");
        return client.send(
                new InstanceEndpoint(cluster, identity.instance(), service, address, port),
                new InstanceCommand.Stop(identity, 1));
    }

    private static CertificateAuthority authority(String name) {
        try {
            return CertificateAuthority.of(CertificateAuthority.create(name, Instant.now(), Duration.ofDays(1)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
