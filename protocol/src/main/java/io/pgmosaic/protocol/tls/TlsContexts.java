package io.pgmosaic.protocol.tls;

import org.jspecify.annotations.Nullable;

import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.List;

/** Builds the contexts of both ends of a TLS connection whose certificates come from one private CA. */
public final class TlsContexts {
    private TlsContexts() {}

    /**
     * A context that presents {@code certificatePem} and trusts nobody but {@code caPem}.
     *
     * @param certificatePem the chain, leaf first; null, with {@code keyPem}, for a client that presents none
     * @throws GeneralSecurityException when a text cannot be parsed or key and certificate do not fit
     */
    public static SSLContext of(@Nullable String certificatePem, @Nullable String keyPem, String caPem)
            throws GeneralSecurityException {
        TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
        trust.init(trustStore(caPem));
        return of(certificatePem, keyPem, trust.getTrustManagers());
    }

    /** As above, with a check of the peer's certificate of the caller's own. */
    public static SSLContext of(@Nullable String certificatePem, @Nullable String keyPem, TrustManager[] trust)
            throws GeneralSecurityException {
        KeyManager[] keys = certificatePem == null || keyPem == null ? null : keyManagers(certificatePem, keyPem);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys, trust, null);
        return context;
    }

    /** A store that holds the CA certificates of the PEM text and nothing else. */
    public static KeyStore trustStore(String caPem) throws GeneralSecurityException {
        KeyStore store = emptyStore();
        List<X509Certificate> authorities = Pem.certificates(caPem);
        for (int i = 0; i < authorities.size(); i++) {
            store.setCertificateEntry("ca-" + i, authorities.get(i));
        }
        return store;
    }

    private static KeyManager[] keyManagers(String certificatePem, String keyPem) throws GeneralSecurityException {
        KeyStore store = emptyStore();
        X509Certificate[] chain = Pem.certificates(certificatePem).toArray(X509Certificate[]::new);
        store.setKeyEntry("identity", Pem.privateKey(keyPem), new char[0], chain);
        KeyManagerFactory factory = KeyManagerFactory.getInstance("PKIX");
        factory.init(store, new char[0]);
        return factory.getKeyManagers();
    }

    private static KeyStore emptyStore() throws GeneralSecurityException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        try {
            store.load(null, null);
        } catch (IOException e) {
            throw new IllegalStateException("a store loaded from nothing reads nothing", e);
        }
        return store;
    }
}
