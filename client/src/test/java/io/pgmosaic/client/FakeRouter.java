package io.pgmosaic.client;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;

/** Answers each path with what it was told to, and remembers what was asked. */
final class FakeRouter implements AutoCloseable {
    private static final JsonMapper JSON = new JsonMapper();

    private final HttpServer server;
    private final Map<String, Reply> replies = new ConcurrentHashMap<>();
    private final Queue<Request> requests = new ConcurrentLinkedQueue<>();

    /** A request that came. */
    record Request(String path, JsonNode body, String token) {}

    /** What is answered to one. */
    interface Reply {
        Answer to(Request request);
    }

    /** A status and a body that becomes JSON. */
    record Answer(int status, Object body, Map<String, String> headers) {
        Answer(int status, Object body) {
            this(status, body, Map.of());
        }
    }

    FakeRouter() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.createContext("/", this::answer);
        server.start();
    }

    URI address() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    void on(String path, Reply reply) {
        replies.put(path, reply);
    }

    void says(String path, Object body) {
        on(path, request -> new Answer(200, body));
    }

    /** Of those that came for a path, in order. */
    List<Request> requests(String path) {
        return requests.stream().filter(request -> request.path().equals(path)).toList();
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            byte[] body = exchange.getRequestBody().readAllBytes();
            Request request = new Request(
                    exchange.getRequestURI().getPath(),
                    JSON.readTree(body.length == 0 ? "{}".getBytes(StandardCharsets.UTF_8) : body),
                    Objects.requireNonNullElse(exchange.getRequestHeaders().getFirst("X-Causal-Token"), ""));
            requests.add(request);
            Reply reply = replies.getOrDefault(
                    request.path(),
                    none -> new Answer(404, Map.of("type", "urn:pgmosaic:problem:unknown-path", "detail", "none")));
            Answer answer = reply.to(request);
            byte[] json = JSON.writeValueAsBytes(answer.body());
            String tag = "\"" + Arrays.hashCode(json) + "\"";
            exchange.getResponseHeaders().add("Content-Type", "application/json");
            exchange.getResponseHeaders().add("ETag", tag);
            answer.headers().forEach(exchange.getResponseHeaders()::add);
            if (answer.status() == 200
                    && tag.equals(exchange.getRequestHeaders().getFirst("If-None-Match"))) {
                exchange.sendResponseHeaders(304, -1);
                return;
            }
            exchange.sendResponseHeaders(answer.status(), json.length);
            exchange.getResponseBody().write(json);
        }
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
