package io.pgmosaic.router.bench;

import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerOptions;

/** The least that the HTTP server can do: the same bytes for every request. Arguments: port, size, event loops. */
public final class BareServer {
    private BareServer() {}

    public static void main(String[] args) {
        int port = Integer.parseInt(args[0]);
        Buffer body = Buffer.buffer("x".repeat(Integer.parseInt(args[1])));
        int eventLoops = Integer.parseInt(args[2]);
        Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(eventLoops));
        vertx.deployVerticle(() -> new Endpoint(port, body), new DeploymentOptions().setInstances(eventLoops))
                .await();
    }

    private static final class Endpoint extends VerticleBase {
        private static final CharSequence JSON = HttpHeaders.createOptimized("application/json");

        private final int port;
        private final Buffer body;

        Endpoint(int port, Buffer body) {
            this.port = port;
            this.body = body;
        }

        @Override
        public Future<?> start() {
            return vertx.createHttpServer(new HttpServerOptions().setHttp2ClearTextEnabled(false))
                    .requestHandler(request -> request.response()
                            .putHeader(HttpHeaders.CONTENT_TYPE, JSON)
                            .end(body))
                    .listen(port, "127.0.0.1");
        }
    }
}
