package io.pgmosaic.operator.instance;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsExchange;
import com.sun.net.httpserver.HttpsParameters;
import com.sun.net.httpserver.HttpsServer;
import io.pgmosaic.operator.pki.CertificateAuthority;
import io.pgmosaic.operator.pki.CertifiedKey;
import io.pgmosaic.protocol.tls.TlsContexts;
import org.jspecify.annotations.Nullable;

import javax.net.ssl.SSLParameters;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.Principal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Speaks HTTPS as an instance manager does: has a certificate of its shard and wants one of the operator. */
final class FakeInstanceManager implements AutoCloseable {
    private final HttpsServer server;
    private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();

    volatile @Nullable Principal client;
    volatile @Nullable String request;
    volatile @Nullable String body;
    volatile HttpHandler answer = exchange -> respond(exchange, 200, "{}");

    /**
     * @param port 0 takes a free one
     * @param dnsName that its certificate holds
     */
    FakeInstanceManager(String address, int port, CertificateAuthority authority, String dnsName)
            throws IOException, GeneralSecurityException {
        CertifiedKey certificate = authority.issueServer(List.of(dnsName), Instant.now(), Duration.ofHours(1));
        server = HttpsServer.create(new InetSocketAddress(address, port), 0);
        server.setHttpsConfigurator(
                new HttpsConfigurator(
                        TlsContexts.of(certificate.certificate(), certificate.key(), authority.certificatePem())) {
                    @Override
                    public void configure(HttpsParameters parameters) {
                        SSLParameters tls = getSSLContext().getDefaultSSLParameters();
                        tls.setNeedClientAuth(true);
                        parameters.setSSLParameters(tls);
                    }
                });
        server.setExecutor(executor);
        server.createContext("/", exchange -> {
            client = ((HttpsExchange) exchange).getSSLSession().getPeerPrincipal();
            request = exchange.getRequestMethod() + " " + exchange.getRequestURI();
            body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            answer.handle(exchange);
        });
        server.start();
    }

    int port() {
        return server.getAddress().getPort();
    }

    void answers(int status, String text) {
        answer = exchange -> respond(exchange, status, text);
    }

    static void respond(HttpExchange exchange, int status, String text) throws IOException {
        try (exchange) {
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
            exchange.getResponseBody().write(bytes);
        }
    }

    @Override
    public void close() {
        server.stop(0);
        executor.shutdownNow();
    }
}
