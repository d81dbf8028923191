package io.pgmosaic.client.topology;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;

/** Asks a router over HTTP. Thread-safe. */
public final class RouterConnection implements AutoCloseable {
    private static final JsonMapper JSON = new JsonMapper();
    private static final String PROBLEM = "urn:pgmosaic:problem:";
    private static final String TOKEN = "X-Causal-Token";
    private static final int OK = 200;
    private static final int NOT_MODIFIED = 304;

    private final URI base;
    private final Duration timeout;
    private final HttpClient http;

    /**
     * Connects to nobody yet.
     *
     * @param timeout for each request
     */
    public RouterConnection(URI base, Duration timeout) {
        this.base = base;
        this.timeout = timeout;
        this.http = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(timeout)
                .build();
    }

    /**
     * A document.
     *
     * @param tag names its content; null when the router tells none
     */
    record Document(JsonNode body, @Nullable String tag) {}

    /**
     * A document that may be known already.
     *
     * @param knownTag of the one that is known; null when none is
     * @return null when it is still the known one
     */
    @Nullable
    Document document(String path, @Nullable String knownTag) throws IOException {
        HttpRequest.Builder request = HttpRequest.newBuilder(base.resolve(path));
        if (knownTag != null) {
            request.header("If-None-Match", knownTag);
        }
        HttpResponse<byte[]> response = send(request);
        if (knownTag != null && response.statusCode() == NOT_MODIFIED) {
            return null;
        }
        return new Document(
                body(response), response.headers().firstValue("ETag").orElse(null));
    }

    /**
     * The answer to {@code GET path}.
     *
     * @param token a causal token to show; null for none
     */
    public JsonNode get(String path, @Nullable String token) throws IOException {
        return body(send(with(token, HttpRequest.newBuilder(base.resolve(path)))));
    }

    /**
     * The answer to {@code POST path}.
     *
     * @param body what becomes its JSON
     * @param token a causal token to show; null for none
     */
    public JsonNode post(String path, Object body, @Nullable String token) throws IOException {
        HttpRequest.Builder request = HttpRequest.newBuilder(base.resolve(path))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofByteArray(JSON.writeValueAsBytes(body)));
        return body(send(with(token, request)));
    }

    private static HttpRequest.Builder with(@Nullable String token, HttpRequest.Builder request) {
        return token == null ? request : request.header(TOKEN, token);
    }

    private HttpResponse<byte[]> send(HttpRequest.Builder request) throws IOException {
        try {
            return http.send(request.timeout(timeout).build(), HttpResponse.BodyHandlers.ofByteArray());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            InterruptedIOException interrupted = new InterruptedIOException("interrupted while asking the router");
            interrupted.initCause(e);
            throw interrupted;
        } catch (IOException e) {
            throw new IOException("the router at " + base + " does not answer: " + e, e);
        }
    }

    private JsonNode body(HttpResponse<byte[]> response) throws IOException {
        JsonNode body;
        try {
            body = JSON.readTree(response.body());
        } catch (JsonProcessingException e) {
            throw new IOException("what answers at " + base + " is no router: status " + response.statusCode(), e);
        }
        if (response.statusCode() != OK) {
            throw new RouterProblemException(
                    response.statusCode(),
                    problemType(body),
                    body.path("detail").asText("the router at " + base + " answers " + response.statusCode()),
                    retryAfter(body, response));
        }
        return body;
    }

    /** The kind of a problem, without the prefix that all have; empty when it is not told. */
    public static String problemType(JsonNode problem) {
        String type = problem.path("type").asText();
        return type.startsWith(PROBLEM) ? type.substring(PROBLEM.length()) : "";
    }

    /** When to ask again, as a problem's members say; null when they do not. */
    public static @Nullable Duration retryAfter(JsonNode problem) {
        JsonNode millis = problem.path("retryAfterMillis");
        return millis.isNumber() ? Duration.ofMillis(Math.max(0, millis.asLong())) : null;
    }

    private static @Nullable Duration retryAfter(JsonNode problem, HttpResponse<byte[]> response) {
        @Nullable Duration told = retryAfter(problem);
        return told != null
                ? told
                : response.headers()
                        .firstValue("Retry-After")
                        .filter(text -> text.matches("[0-9]{1,9}"))
                        .map(seconds -> Duration.ofSeconds(Long.parseLong(seconds)))
                        .orElse(null);
    }

    @Override
    public void close() {
        // Not close(), which waits for requests that a router that hangs would keep open until they time out.
        http.shutdownNow();
    }
}
