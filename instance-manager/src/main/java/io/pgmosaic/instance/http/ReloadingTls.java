package io.pgmosaic.instance.http;

import io.pgmosaic.protocol.tls.DnsNames;
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
import java.util.List;

/** TLS contexts whose certificate and CA can be exchanged while they are in use; each handshake uses the newest. */
public final class ReloadingTls {
    private static final String ALIAS = "identity";
    private static final int SESSION_SECONDS = 300;

    private record Material(PrivateKey key, List<X509Certificate> chain, X509ExtendedTrustManager trust) {}

    private volatile Material material;

    public ReloadingTls(TlsFiles files) throws GeneralSecurityException {
        this.material = parse(files);
    }

    /**
     * @throws GeneralSecurityException when the files cannot be used; what was used goes on being used
     */
    public void replace(TlsFiles files) throws GeneralSecurityException {
        material = parse(files);
    }

    SSLContext context() throws GeneralSecurityException {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(new KeyManager[] {new Keys()}, new TrustManager[] {new Trust(null)}, null);
        // A resumed session skips the check of the client's certificate, so it must not outlive a change for long.
        context.getServerSessionContext().setSessionTimeout(SESSION_SECONDS);
        return context;
    }

    /** For connections to servers whose certificate names the service. */
    SSLContext client(String service) throws GeneralSecurityException {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(new KeyManager[] {new Keys()}, new TrustManager[] {new Trust(service)}, null);
        return context;
    }

    private static Material parse(TlsFiles files) throws GeneralSecurityException {
        files.checkPair();
        List<X509Certificate> chain = Pem.certificates(files.certificate());
        TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
        factory.init(TlsContexts.trustStore(files.authority()));
        for (TrustManager manager : factory.getTrustManagers()) {
            if (manager instanceof X509ExtendedTrustManager trust) {
                return new Material(Pem.privateKey(files.key()), List.copyOf(chain), trust);
            }
        }
        throw new GeneralSecurityException("this Java has no X.509 trust manager");
    }

    private final class Keys extends X509ExtendedKeyManager {
        @Override
        public @Nullable String chooseEngineServerAlias(
                String keyType, Principal @Nullable [] issuers, @Nullable SSLEngine engine) {
            return chooseServerAlias(keyType, issuers, null);
        }

        @Override
        public @Nullable String chooseServerAlias(
                String keyType, Principal @Nullable [] issuers, @Nullable Socket socket) {
            return material.key().getAlgorithm().equals(keyType) ? ALIAS : null;
        }

        @Override
        public String[] getServerAliases(String keyType, Principal @Nullable [] issuers) {
            return new String[] {ALIAS};
        }

        @Override
        public X509Certificate[] getCertificateChain(String alias) {
            return material.chain().toArray(X509Certificate[]::new);
        }

        @Override
        public PrivateKey getPrivateKey(String alias) {
            return material.key();
        }

        @Override
        public String[] getClientAliases(String keyType, Principal @Nullable [] issuers) {
            return new String[] {ALIAS};
        }

        @Override
        public @Nullable String chooseClientAlias(
                String[] keyType, Principal @Nullable [] issuers, @Nullable Socket socket) {
            return List.of(keyType).contains(material.key().getAlgorithm()) ? ALIAS : null;
        }
    }

    private final class Trust extends X509ExtendedTrustManager {
        private final @Nullable String service;

        /** @param service that a server's certificate must name; null when no server is trusted */
        Trust(@Nullable String service) {
            this.service = service;
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket)
                throws CertificateException {
            material.trust().checkClientTrusted(chain, authType, socket);
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
                throws CertificateException {
            material.trust().checkClientTrusted(chain, authType, engine);
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType) throws CertificateException {
            material.trust().checkClientTrusted(chain, authType);
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket)
                throws CertificateException {
            checkServerTrusted(chain, authType);
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
                throws CertificateException {
            checkServerTrusted(chain, authType);
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType) throws CertificateException {
            if (service == null) {
                throw new CertificateException("a server asks no server");
            }
            // The plain variant: servers are told apart by their Service and not by their address.
            material.trust().checkServerTrusted(chain, authType);
            DnsNames.require(chain[0], service);
        }

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return material.trust().getAcceptedIssuers();
        }
    }
}
