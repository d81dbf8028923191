package io.pgmosaic.instance.http;

import com.sun.net.httpserver.HttpExchange;
import io.pgmosaic.protocol.Json;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** Writes whole responses. */
final class Responses {
    private Responses() {}

    static void json(HttpExchange exchange, int status, Object body) throws IOException {
        send(exchange, status, "application/json", Json.write(body));
    }

    /** Problem details (RFC 9457). */
    static void problem(HttpExchange exchange, int status, String title, String detail) throws IOException {
        send(
                exchange,
                status,
                "application/problem+json",
                Json.write(Map.of("status", status, "title", title, "detail", detail)));
    }

    static void text(HttpExchange exchange, int status, String text) throws IOException {
        send(exchange, status, "text/plain; charset=utf-8", (text + "\n").getBytes(StandardCharsets.UTF_8));
    }

    private static void send(HttpExchange exchange, int status, String type, byte[] body) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", type);
        exchange.sendResponseHeaders(status, body.length);
        exchange.getResponseBody().write(body);
    }
}
