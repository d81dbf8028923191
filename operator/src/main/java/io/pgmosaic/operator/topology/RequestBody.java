package io.pgmosaic.operator.topology;

import io.pgmosaic.protocol.Json;
import io.pgmosaic.protocol.MalformedJsonException;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import org.jboss.logging.Logger;

import java.time.Duration;

/**
 * Reads what a request's body asks for: up to a limit, within a while, and away from the event loop, which has others to answer. A
 * client that sends little by little would otherwise keep its place for ever.
 */
final class RequestBody {
    private static final Logger LOG = Logger.getLogger(RequestBody.class);
    private static final Duration WITHIN = Duration.ofSeconds(10);

    private final Vertx vertx;
    private final int mostBytes;
    private final Duration within;

    RequestBody(Vertx vertx, int mostBytes) {
        this(vertx, mostBytes, WITHIN);
    }

    RequestBody(Vertx vertx, int mostBytes, Duration within) {
        this.vertx = vertx;
        this.mostBytes = mostBytes;
        this.within = within;
    }

    /** Calls the handler on the request's event loop, or answers what is wrong. The request has to be resumed. */
    <T> void read(HttpServerRequest request, Class<T> type, Handler<T> whole) {
        Buffer body = Buffer.buffer();
        long timer = vertx.setTimer(within.toMillis(), late -> {
            TopologyServer.refuse(
                            request.response(),
                            408,
                            "Request Timeout",
                            "the request did not come within " + within.toMillis() + " ms")
                    .onComplete(told -> request.connection().close());
        });
        request.response().closeHandler(closed -> vertx.cancelTimer(timer));
        request.handler(part -> {
            // What is too much is dropped, so that the client gets to its answer.
            if (body.length() <= mostBytes) {
                body.appendBuffer(part);
            }
        });
        request.endHandler(end -> {
            vertx.cancelTimer(timer);
            if (body.length() > mostBytes) {
                TopologyServer.refuse(
                        request.response(), 413, "Content Too Large", "a request has at most " + mostBytes + " bytes");
            } else {
                parse(request, body, type, whole);
            }
        });
    }

    private <T> void parse(HttpServerRequest request, Buffer body, Class<T> type, Handler<T> whole) {
        vertx.executeBlocking(() -> Json.read(body.getBytes(), type), false).onComplete(read -> {
            if (read.succeeded()) {
                whole.handle(read.result());
            } else if (read.cause() instanceof MalformedJsonException malformed) {
                TopologyServer.refuse(request.response(), 400, "Bad Request", String.valueOf(malformed.getMessage()));
            } else {
                LOG.warn("a request could not be read", read.cause());
                TopologyServer.refuse(
                        request.response(), 500, "Internal Server Error", "the operator's log says what is wrong");
            }
        });
    }
}
