package io.pgmosaic.operator.https;

import io.pgmosaic.operator.pki.CertifiedKey;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.PemKeyCertOptions;
import org.jboss.logging.Logger;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** One port, with a certificate that can be replaced. */
public final class HttpsServer implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(HttpsServer.class);

    /**
     * What a client does not take is kept by the kernel up to this, and twice as much with what it adds. By itself the kernel would
     * let that grow to 4 MiB for each of thousands of connections, and it counts as the container's memory.
     */
    static final int SEND_BUFFER_BYTES = 64 << 10;

    private final String purpose;
    private final HttpServer server;

    /**
     * @param purpose for the log
     * @param idle after which a silent connection is closed
     */
    public HttpsServer(
            Vertx vertx, String purpose, Duration idle, CertifiedKey certificate, Handler<HttpServerRequest> handler) {
        this.purpose = purpose;
        this.server = vertx.createHttpServer(new HttpServerOptions()
                .setSsl(true)
                .setSendBufferSize(SEND_BUFFER_BYTES)
                .setIdleTimeout((int) idle.toSeconds())
                .setIdleTimeoutUnit(TimeUnit.SECONDS)
                .setKeyCertOptions(pem(certificate)));
        server.requestHandler(handler);
    }

    /** Listens; port 0 takes a free one. Returns the port, or throws when it cannot be had. */
    public int listen(String host, int port) {
        return server.listen(port, host)
                .toCompletionStage()
                .toCompletableFuture()
                .join()
                .actualPort();
    }

    /** New connections get the new certificate; those that exist stay. */
    public void replaceCertificate(CertifiedKey certificate) {
        server.updateSSLOptions(new HttpServerOptions()
                        .setKeyCertOptions(pem(certificate))
                        .getSslOptions())
                .onFailure(e -> LOG.errorf(e, "%s keeps its old certificate", purpose));
    }

    private static PemKeyCertOptions pem(CertifiedKey certificate) {
        return new PemKeyCertOptions()
                .setCertValue(Buffer.buffer(certificate.certificate()))
                .setKeyValue(Buffer.buffer(certificate.key()));
    }

    @Override
    public void close() {
        server.close().toCompletionStage().toCompletableFuture().join();
    }
}
