package io.pgmosaic.router.http;

import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;

/** Collects a request's body up to a limit; what follows is read and dropped, so that the client gets to its answer. */
final class RequestBody {
    static final int MAX_BYTES = 1 << 20;

    private final int most;
    private final Buffer body = Buffer.buffer();
    private boolean tooLarge;

    private RequestBody(int most) {
        this.most = most;
    }

    /** Of at most {@link #MAX_BYTES}. Calls one of the two handlers, once. */
    static void read(HttpServerRequest request, Handler<byte[]> whole, Runnable tooLarge) {
        read(request, MAX_BYTES, whole, tooLarge);
    }

    /** Of at most {@code most} bytes. Calls one of the two handlers, once. */
    static void read(HttpServerRequest request, int most, Handler<byte[]> whole, Runnable tooLarge) {
        RequestBody reading = new RequestBody(most);
        request.handler(chunk -> {
            if (reading.tooLarge) {
                return;
            }
            if (reading.body.length() + chunk.length() > reading.most) {
                reading.tooLarge = true;
                tooLarge.run();
            } else {
                reading.body.appendBuffer(chunk);
            }
        });
        request.endHandler(end -> {
            if (!reading.tooLarge) {
                whole.handle(reading.body.getBytes());
            }
        });
    }
}
