package io.pgmosaic.operator.https;

import io.pgmosaic.operator.pki.CertificateAuthority;
import io.pgmosaic.operator.pki.CertifiedKey;
import io.pgmosaic.protocol.tls.TlsContexts;
import io.vertx.core.Vertx;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.cert.Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

import static org.assertj.core.api.Assertions.assertThat;

/** Over real TLS. */
@Timeout(60)
class HttpsServerTest {
    private final CertificateAuthority authority;
    private final Vertx vertx = Vertx.vertx();
    private final HttpsServer server;
    private final int port;

    HttpsServerTest() throws GeneralSecurityException {
        authority = CertificateAuthority.of(CertificateAuthority.create("operator", Instant.now(), Duration.ofDays(1)));
        server = new HttpsServer(
                vertx, "the test's endpoint", Duration.ofMinutes(1), certificate(), request -> request.response()
                        .end());
        port = server.listen("127.0.0.1", 0);
    }

    @AfterEach
    void end() {
        server.close();
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    @Test
    void showsItsNewCertificateToNewConnections() throws IOException, GeneralSecurityException {
        try (SSLSocket early = connect()) {
            Certificate before = shown(early);
            server.replaceCertificate(certificate());
            // A handshake may be cut in the moment of the change; whoever is cut off connects again.
            Awaitility.await()
                    .atMost(Duration.ofSeconds(20))
                    .ignoreExceptionsInstanceOf(SSLException.class)
                    .until(() -> {
                        try (SSLSocket late = connect()) {
                            return !shown(late).equals(before) && answer(late).equals("HTTP/1.1 200 OK");
                        }
                    });
            assertThat(answer(early)).as("a connection that exists stays").isEqualTo("HTTP/1.1 200 OK");
        }
    }

    private SSLSocket connect() throws IOException, GeneralSecurityException {
        SSLContext trusting = TlsContexts.of(null, null, authority.certificatePem());
        return (SSLSocket) trusting.getSocketFactory().createSocket("localhost", port);
    }

    private static Certificate shown(SSLSocket socket) throws IOException {
        socket.startHandshake();
        return socket.getSession().getPeerCertificates()[0];
    }

    /** The first line of what a request is answered with. */
    private static String answer(SSLSocket socket) throws IOException {
        socket.getOutputStream().write("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        return new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII)).readLine();
    }

    private CertifiedKey certificate() {
        return authority.issueServer(List.of("localhost"), Instant.now(), Duration.ofHours(1));
    }
}
