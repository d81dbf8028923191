package io.pgmosaic.router.http;

import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.VerticleBase;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import org.jspecify.annotations.Nullable;

import java.util.concurrent.TimeUnit;

/** The server on one event loop; several of them share the port. */
public final class HttpEndpoint extends VerticleBase {
    private static final int IDLE_MINUTES = 10;
    private static final int DRAIN_SECONDS = 5;
    /** Room for a token beside what clients and proxies add. */
    private static final int MAX_HEADER_BYTES = 16 << 10;

    private final Handler<HttpServerRequest> requests;
    private final Handler<HttpServerRequest> invalid;
    private final @Nullable Connections connections;
    private final String address;
    private final int port;
    private @Nullable HttpServer server;

    /**
     * @param requests takes those that are HTTP within the limits, and {@code invalid} the others
     * @param connections null not to bound them
     * @param port negative for one that the system chooses, the same for all endpoints of one negative number
     */
    public HttpEndpoint(
            Handler<HttpServerRequest> requests,
            Handler<HttpServerRequest> invalid,
            @Nullable Connections connections,
            String address,
            int port) {
        this.requests = requests;
        this.invalid = invalid;
        this.connections = connections;
        this.address = address;
        this.port = port;
    }

    @Override
    public Future<?> start() {
        HttpServer created = vertx.createHttpServer(options());
        server = created;
        if (connections != null) {
            created.connectionHandler(connections::opened);
        }
        return created.requestHandler(connections == null ? requests : counted(connections))
                .invalidRequestHandler(invalid)
                .listen(port, address);
    }

    private Handler<HttpServerRequest> counted(Connections clients) {
        return request -> {
            if (!clients.refuses(request)) {
                requests.handle(request);
            }
        };
    }

    /** Takes no new connection, and ends when what is in flight is answered. */
    @Override
    public Future<?> stop() {
        return server == null ? Future.succeededFuture() : server.shutdown(DRAIN_SECONDS, TimeUnit.SECONDS);
    }

    /** The port listened on. */
    public int actualPort() {
        return server == null ? 0 : server.actualPort();
    }

    private static HttpServerOptions options() {
        return new HttpServerOptions()
                .setMaxInitialLineLength(RouterApi.MAX_TARGET_BYTES)
                .setMaxHeaderSize(MAX_HEADER_BYTES)
                .setHttp2ClearTextEnabled(false)
                .setIdleTimeout(IDLE_MINUTES)
                .setIdleTimeoutUnit(TimeUnit.MINUTES);
    }
}
