package io.pgmosaic.router.database;

import io.pgmosaic.protocol.tls.DnsNames;
import io.pgmosaic.protocol.tls.TlsContexts;

import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;

/**
 * Trusts whom the cluster's authority vouches for and whose certificate names the shard. Servers are reached by address where no
 * cluster DNS answers, and an address passes from pod to pod; so it is the shard's name that is compared, not the host's.
 */
final class ShardTrust extends X509ExtendedTrustManager {
    private final X509ExtendedTrustManager authority;
    private final String name;

    private ShardTrust(X509ExtendedTrustManager authority, String name) {
        this.authority = authority;
        this.name = name;
    }

    /** @throws GeneralSecurityException when the text holds no certificate */
    static ShardTrust of(String authorityPem, String name) throws GeneralSecurityException {
        TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
        factory.init(TlsContexts.trustStore(authorityPem));
        for (TrustManager manager : factory.getTrustManagers()) {
            if (manager instanceof X509ExtendedTrustManager extended) {
                return new ShardTrust(extended, name);
            }
        }
        throw new GeneralSecurityException("this platform cannot check certificates");
    }

    private void require(X509Certificate[] chain, String type) throws CertificateException {
        // The plain variant: host names are checked here.
        authority.checkServerTrusted(chain, type);
        DnsNames.require(chain[0], name);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) throws CertificateException {
        require(chain, type);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) throws CertificateException {
        require(chain, type);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) throws CertificateException {
        require(chain, type);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) throws CertificateException {
        throw new CertificateException("this side is never a server");
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) throws CertificateException {
        throw new CertificateException("this side is never a server");
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) throws CertificateException {
        throw new CertificateException("this side is never a server");
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return new X509Certificate[0];
    }
}
