package io.pgmosaic.e2e.kubernetes;

import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.client.LocalPortForward;

import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Base64;

/** PostgreSQL of one pod, reached through the API server as by {@code kubectl port-forward}. */
final class Server {
    private static final int PORT = 5432;
    private static final int SSL_REQUEST = 80_877_103;

    private final Installation installation;
    private final String pod;

    Server(Installation installation, String pod) {
        this.installation = installation;
        this.pod = pod;
    }

    /** The first value that a query of the application's user gives. */
    String ask(ShopCluster cluster, String query) throws SQLException, IOException {
        String secret = cluster.name() + "-app";
        try (LocalPortForward forward = forward();
                Connection connection = DriverManager.getConnection(
                        "jdbc:postgresql://127.0.0.1:" + forward.getLocalPort() + "/" + value(secret, "database")
                                + "?sslmode=require",
                        value(secret, "username"),
                        value(secret, "password"));
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(query)) {
            row.next();
            return row.getString(1);
        }
    }

    /** The certificate that it shows to whoever connects. */
    X509Certificate certificate() throws IOException, GeneralSecurityException {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, new TrustManager[] {new Curious()}, null);
        try (LocalPortForward forward = forward();
                Socket plain = new Socket(InetAddress.getLoopbackAddress(), forward.getLocalPort())) {
            DataOutputStream out = new DataOutputStream(plain.getOutputStream());
            out.writeInt(2 * Integer.BYTES);
            out.writeInt(SSL_REQUEST);
            out.flush();
            int answer = plain.getInputStream().read();
            if (answer != 'S') {
                throw new IOException(pod + " does not speak TLS: " + answer);
            }
            try (SSLSocket secure = (SSLSocket)
                    context.getSocketFactory().createSocket(plain, "127.0.0.1", forward.getLocalPort(), true)) {
                secure.startHandshake();
                return (X509Certificate) secure.getSession().getPeerCertificates()[0];
            }
        }
    }

    private LocalPortForward forward() {
        return installation
                .client()
                .pods()
                .inNamespace(Installation.SHOP)
                .withName(pod)
                .portForward(PORT);
    }

    private String value(String secret, String key) {
        Secret found = installation
                .client()
                .secrets()
                .inNamespace(Installation.SHOP)
                .withName(secret)
                .get();
        return new String(Base64.getDecoder().decode(found.getData().get(key)), StandardCharsets.UTF_8);
    }

    /** Looks at certificates, and believes all of them: nothing is told to who shows it. */
    private static final class Curious implements X509TrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {
            throw new UnsupportedOperationException("no client connects here");
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {
            // What it is, is what the test looks at.
        }

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
