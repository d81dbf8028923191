package io.pgmosaic.operator.instance;

import io.pgmosaic.operator.ClusterKey;
import io.pgmosaic.operator.pki.CertifiedKey;
import io.pgmosaic.protocol.tls.TlsContexts;

import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import java.io.IOException;
import java.net.http.HttpClient;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;

/**
 * Whom the operator trusts, and as whom it presents itself.
 *
 * <p>Every cluster has a certificate authority of its own, and so connections of its own: neither a connection that is kept
 * open nor a resumed TLS session can outlive the authority that vouched for it, or serve another cluster whose pod got the
 * address. Instances are reached by pod IP, which no certificate holds; what must be in it is the name of the shard's
 * headless Service.
 */
public final class InstanceTrust implements ClusterIdentities {
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(1);

    /** @param services the Service that must vouch for an address */
    private record Connections(HttpClient http, Map<String, String> services) {}

    private final Map<ClusterKey, Connections> clusters = new ConcurrentHashMap<>();

    /**
     * Sets a cluster's authority and the operator's own certificate within it. What goes on under the ones before ends.
     *
     * @throws GeneralSecurityException when a PEM text cannot be parsed
     */
    @Override
    public void setCluster(ClusterKey cluster, String authorityPem, CertifiedKey identity)
            throws GeneralSecurityException {
        TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
        factory.init(TlsContexts.trustStore(authorityPem));
        Map<String, String> services = new ConcurrentHashMap<>();
        SSLContext context = TlsContexts.of(identity.certificate(), identity.key(), new TrustManager[] {
            new ServiceTrust((X509ExtendedTrustManager) factory.getTrustManagers()[0], services)
        });
        HttpClient http = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(CONNECT_TIMEOUT)
                .executor(Executors.newVirtualThreadPerTaskExecutor())
                .sslContext(context)
                .build();
        Connections before = clusters.put(cluster, new Connections(http, services));
        if (before != null) {
            before.http().shutdown();
        }
    }

    @Override
    public void forgetCluster(ClusterKey cluster) {
        Connections connections = clusters.remove(cluster);
        if (connections != null) {
            connections.http().shutdownNow();
        }
    }

    /**
     * The connections of the endpoint's cluster; the endpoint's Service is the one that must vouch for its address from now
     * on.
     *
     * @throws IOException while the cluster's authority is not set
     */
    HttpClient connectionsTo(InstanceEndpoint endpoint) throws IOException {
        Connections connections = clusters.get(endpoint.cluster());
        if (connections == null) {
            throw new IOException("the certificate authority of " + endpoint.cluster() + " is not loaded");
        }
        connections.services().put(endpoint.address(), endpoint.service());
        return connections.http();
    }

    void closeConnections() {
        clusters.keySet().forEach(this::forgetCluster);
    }
}
