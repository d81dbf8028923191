package io.pgmosaic.instance;

import io.pgmosaic.instance.harness.TestManager;
import io.pgmosaic.instance.harness.TestShard;
import io.pgmosaic.protocol.instance.PostgresConfiguration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** A renewed certificate, while PostgreSQL and the manager run. */
final class CertificateRotationTest {
    private static final int SSL_REQUEST = 80877103;
    private static final int MANAGER_PORT = 8443;

    private static TestShard shard;
    private static TestManager primary;

    @BeforeAll
    static void open() throws IOException {
        shard = new TestShard();
        primary = shard.manager(0).start();
        primary.make(primary.bootstrap(1, new PostgresConfiguration(1, Map.of(), "", List.of(), true)));
        primary.open(1);
    }

    @AfterAll
    static void close() throws IOException {
        shard.close();
    }

    @Test
    void isServedByBothAndRestartsNeither() throws Exception {
        X509Certificate before = servedByPostgres();
        assertThat(servedByManager()).isEqualTo(before);
        Instant startedAt = primary.status().postgres().startedAt();
        long manager = primary.process().pid();
        try (Connection session = primary.connect("postgres", "verify-full")) {
            primary.writeCertificates(shard.authority());
            await().atMost(Duration.ofSeconds(30))
                    .until(() -> !servedByPostgres().equals(before));
            assertThat(servedByManager()).isEqualTo(servedByPostgres());
            try (Statement statement = session.createStatement();
                    ResultSet row = statement.executeQuery("SELECT pg_postmaster_start_time()")) {
                assertThat(row.next()).as("the session of before goes on").isTrue();
            }
        }
        primary.connect("postgres", "verify-full").close();
        assertThat(primary.status().postgres().startedAt()).isEqualTo(startedAt);
        assertThat(primary.process().pid()).isEqualTo(manager);
        assertThat(primary.process().isAlive()).isTrue();
    }

    private static X509Certificate servedByPostgres() throws IOException, GeneralSecurityException {
        try (Socket socket = new Socket(primary.address(), TestManager.PORT)) {
            DataOutputStream out = new DataOutputStream(socket.getOutputStream());
            out.writeInt(8);
            out.writeInt(SSL_REQUEST);
            out.flush();
            assertThat(socket.getInputStream().read()).isEqualTo('S');
            return served(socket);
        }
    }

    private static X509Certificate servedByManager() throws IOException, GeneralSecurityException {
        try (Socket socket = new Socket(primary.address(), MANAGER_PORT)) {
            return served(socket);
        }
    }

    private static X509Certificate served(Socket socket) throws IOException, GeneralSecurityException {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, new TrustManager[] {new Curious()}, new SecureRandom());
        try (SSLSocket secured = (SSLSocket)
                context.getSocketFactory().createSocket(socket, primary.address(), socket.getPort(), true)) {
            secured.startHandshake();
            return (X509Certificate) secured.getSession().getPeerCertificates()[0];
        }
    }

    /** Takes every certificate, to look at it. */
    private static final class Curious extends X509ExtendedTrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
