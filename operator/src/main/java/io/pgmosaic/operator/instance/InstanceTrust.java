package io.pgmosaic.operator.instance;

import io.pgmosaic.operator.ClusterKey;
import io.pgmosaic.operator.pki.CertifiedKey;
import io.pgmosaic.protocol.tls.Pem;
import io.pgmosaic.protocol.tls.TlsContexts;
import org.jspecify.annotations.Nullable;

import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedKeyManager;
import javax.net.ssl.X509ExtendedTrustManager;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Whom the operator trusts at which address, and as whom it presents itself there.
 *
 * <p>Every cluster has a certificate authority of its own, and instances are reached by pod IP, which no certificate
 * holds. So both questions are answered by the address of the peer: it belongs to an instance of one cluster, whose
 * authority must have signed the peer's certificate, and the certificate must name the shard's headless Service.
 */
public final class InstanceTrust {
    private record Peer(ClusterKey cluster, String service) {}

    private record ClusterTls(X509ExtendedTrustManager trust, List<X509Certificate> chain, PrivateKey key) {}

    private static final int DNS_NAME = 2;

    private final Map<String, Peer> peers = new ConcurrentHashMap<>();
    private final Map<ClusterKey, ClusterTls> clusters = new ConcurrentHashMap<>();

    /**
     * Sets a cluster's authority and the operator's own certificate within it.
     *
     * @throws GeneralSecurityException when a PEM text cannot be parsed
     */
    public void setCluster(ClusterKey cluster, String authorityPem, CertifiedKey identity)
            throws GeneralSecurityException {
        TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
        factory.init(TlsContexts.trustStore(authorityPem));
        clusters.put(
                cluster,
                new ClusterTls(
                        (X509ExtendedTrustManager) factory.getTrustManagers()[0],
                        Pem.certificates(identity.certificate()),
                        Pem.privateKey(identity.key())));
    }

    public void forgetCluster(ClusterKey cluster) {
        clusters.remove(cluster);
        peers.values().removeIf(peer -> peer.cluster().equals(cluster));
    }

    /** Says whose address this is; the last word counts when a pod's address passes to another pod. */
    public void setPeer(InstanceEndpoint endpoint) {
        peers.put(endpoint.address(), new Peer(endpoint.cluster(), endpoint.service()));
    }

    SSLContext context() {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(new KeyManager[] {new Keys()}, new TrustManager[] {new Trust()}, null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java platform has no TLS", e);
        }
    }

    private Peer peerAt(@Nullable String address) throws CertificateException {
        Peer peer = address == null ? null : peers.get(address);
        if (peer == null) {
            throw new CertificateException("no instance is known at " + address);
        }
        return peer;
    }

    private ClusterTls tlsOf(ClusterKey cluster) throws CertificateException {
        ClusterTls tls = clusters.get(cluster);
        if (tls == null) {
            throw new CertificateException("the certificate authority of " + cluster + " is not loaded");
        }
        return tls;
    }

    private static void requireName(X509Certificate certificate, String name) throws CertificateException {
        Collection<List<?>> alternatives = certificate.getSubjectAlternativeNames();
        boolean named = alternatives != null
                && alternatives.stream()
                        .anyMatch(entry ->
                                entry.get(0).equals(DNS_NAME) && entry.get(1).equals(name));
        if (!named) {
            throw new CertificateException("the certificate does not name " + name);
        }
    }

    private final class Trust extends X509ExtendedTrustManager {
        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
                throws CertificateException {
            Peer peer = peerAt(engine.getPeerHost());
            // The plain variant: host names are checked here, against the Service and not the address.
            tlsOf(peer.cluster()).trust().checkServerTrusted(chain, authType);
            requireName(chain[0], peer.service());
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket)
                throws CertificateException {
            throw new CertificateException("only used with engines");
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType) throws CertificateException {
            throw new CertificateException("the peer's address is needed");
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
                throws CertificateException {
            throw new CertificateException("this side is never a server");
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket)
                throws CertificateException {
            throw new CertificateException("this side is never a server");
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType) throws CertificateException {
            throw new CertificateException("this side is never a server");
        }

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }

    /** The alias of a key is {@code namespace/name} of its cluster, which no two clusters share. */
    private final class Keys extends X509ExtendedKeyManager {
        @Override
        public @Nullable String chooseEngineClientAlias(
                String[] keyTypes, Principal @Nullable [] issuers, SSLEngine engine) {
            Peer peer = engine.getPeerHost() == null ? null : peers.get(engine.getPeerHost());
            return peer == null ? null : peer.cluster().toString();
        }

        @Override
        public X509Certificate @Nullable [] getCertificateChain(String alias) {
            ClusterTls tls = byAlias(alias);
            return tls == null ? null : tls.chain().toArray(X509Certificate[]::new);
        }

        @Override
        public @Nullable PrivateKey getPrivateKey(String alias) {
            ClusterTls tls = byAlias(alias);
            return tls == null ? null : tls.key();
        }

        private @Nullable ClusterTls byAlias(String alias) {
            int slash = alias.indexOf('/');
            return clusters.get(new ClusterKey(alias.substring(0, slash), alias.substring(slash + 1)));
        }

        @Override
        public @Nullable String chooseClientAlias(
                String[] keyTypes, Principal @Nullable [] issuers, @Nullable Socket socket) {
            return null;
        }

        @Override
        public String @Nullable [] getClientAliases(String keyType, Principal @Nullable [] issuers) {
            return null;
        }

        @Override
        public String @Nullable [] getServerAliases(String keyType, Principal @Nullable [] issuers) {
            return null;
        }

        @Override
        public @Nullable String chooseServerAlias(
                String keyType, Principal @Nullable [] issuers, @Nullable Socket socket) {
            return null;
        }
    }
}
