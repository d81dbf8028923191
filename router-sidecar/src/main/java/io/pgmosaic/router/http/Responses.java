package io.pgmosaic.router.http;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;

/** Writes answers. */
final class Responses {
    private static final CharSequence JSON = HttpHeaders.createOptimized("application/json");
    private static final CharSequence PROBLEM = HttpHeaders.createOptimized("application/problem+json");
    private static final CharSequence RETRY_AFTER = HttpHeaders.createOptimized("Retry-After");

    private Responses() {}

    static void json(HttpServerResponse response, Buffer body) {
        response.putHeader(HttpHeaders.CONTENT_TYPE, JSON);
        send(response, body);
    }

    static void text(HttpServerResponse response, String contentType, Buffer body) {
        response.putHeader(HttpHeaders.CONTENT_TYPE, contentType);
        send(response, body);
    }

    static void problem(HttpServerResponse response, Problem problem) {
        response.setStatusCode(problem.type().status()).putHeader(HttpHeaders.CONTENT_TYPE, PROBLEM);
        if (problem.retryAfterSeconds() > 0) {
            response.putHeader(RETRY_AFTER, Integer.toString(problem.retryAfterSeconds()));
        }
        send(response, Buffer.buffer(problem.json()));
    }

    /** A client that went away before its answer needs none. */
    static void send(HttpServerResponse response, Buffer body) {
        response.end(body);
    }
}
