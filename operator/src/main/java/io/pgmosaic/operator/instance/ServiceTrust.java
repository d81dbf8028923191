package io.pgmosaic.operator.instance;

import io.pgmosaic.protocol.tls.DnsNames;

import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;
import java.net.Socket;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.Map;

/** Trusts whom an authority vouches for and whose certificate names the Service that stands behind its address. */
final class ServiceTrust extends X509ExtendedTrustManager {
    private final X509ExtendedTrustManager authority;
    private final Map<String, String> services;

    /**
     * @param services by address; may change at any time
     */
    ServiceTrust(X509ExtendedTrustManager authority, Map<String, String> services) {
        this.authority = authority;
        this.services = services;
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        String address = engine.getPeerHost();
        String service = address == null ? null : services.get(address);
        if (service == null) {
            throw new CertificateException("no instance is known at " + address);
        }
        // The plain variant: host names are checked here, against the Service and not the address.
        authority.checkServerTrusted(chain, authType);
        DnsNames.require(chain[0], service);
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
