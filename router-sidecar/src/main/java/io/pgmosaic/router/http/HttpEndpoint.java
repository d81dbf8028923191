package io.pgmosaic.router.http;

import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import org.jspecify.annotations.Nullable;

import java.util.concurrent.TimeUnit;

/** The server on one event loop; several of them share the port. */
public final class HttpEndpoint extends VerticleBase {
    private static final int IDLE_MINUTES = 10;
    private static final int DRAIN_SECONDS = 5;

    private final RouterApi api;
    private final String address;
    private final int port;
    private @Nullable HttpServer server;

    /** @param port negative for one that the system chooses, the same for all endpoints of one negative number */
    public HttpEndpoint(RouterApi api, String address, int port) {
        this.api = api;
        this.address = address;
        this.port = port;
    }

    @Override
    public Future<?> start() {
        HttpServer created = vertx.createHttpServer(options());
        server = created;
        return created.requestHandler(api).invalidRequestHandler(api::invalid).listen(port, address);
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
                .setHttp2ClearTextEnabled(false)
                .setIdleTimeout(IDLE_MINUTES)
                .setIdleTimeoutUnit(TimeUnit.MINUTES);
    }
}
