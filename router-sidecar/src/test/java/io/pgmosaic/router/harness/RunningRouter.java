package io.pgmosaic.router.harness;

import com.fasterxml.jackson.databind.JsonNode;
import io.opentelemetry.api.OpenTelemetry;
import io.pgmosaic.protocol.Json;
import io.pgmosaic.protocol.MalformedJsonException;
import io.pgmosaic.router.app.DirectorySettings;
import io.pgmosaic.router.app.Router;
import io.pgmosaic.router.app.RouterSettings;
import io.pgmosaic.router.app.TrafficSettings;
import io.pgmosaic.router.log.JsonLog;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;

import static java.nio.charset.StandardCharsets.UTF_8;

/** A router of {@link Topologies}' cluster with a folder of its own, and a client of it. */
public final class RunningRouter implements AutoCloseable {
    public static final String TOKEN = "token-of-the-router";

    static {
        // A machine that builds other things at the same time is slow, not wrong.
        Awaitility.setDefaultTimeout(Duration.ofSeconds(60));
    }

    private final Router router;
    private final ByteArrayOutputStream log = new ByteArrayOutputStream();
    private boolean closed;
    private final HttpClient client = HttpClient.newHttpClient();

    /** An answer with its body read as JSON. */
    public record Reply(int status, String contentType, Map<String, List<String>> headers, JsonNode body) {
        public Reply {
            headers = Map.copyOf(headers);
        }
    }

    private RunningRouter(
            Path folder,
            Duration silence,
            TrafficSettings traffic,
            DirectorySettings directory,
            @Nullable OpenTelemetry tracing,
            List<URI> operators) {
        RouterSettings settings = new RouterSettings(
                Topologies.NAMESPACE,
                Topologies.CLUSTER,
                operators,
                folder.resolve("secret"),
                folder.resolve("state"),
                "127.0.0.1",
                0,
                "127.0.0.1",
                0,
                null,
                1_000,
                traffic,
                directory);
        PrintStream lines = new PrintStream(log, true, UTF_8);
        router = Router.start(settings, new JsonLog(lines, Clock.systemUTC(), Map.of()), silence, tracing);
    }

    /** Writes what the operator gives a router into {@code folder}. */
    public static void secret(Path folder, String caPem, String token) {
        try {
            Path secret = Files.createDirectories(folder.resolve("secret"));
            Files.writeString(secret.resolve("ca.crt"), caPem);
            Files.writeString(secret.resolve("token"), token + "\n");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static RunningRouter start(Path folder, URI... operators) {
        return new RunningRouter(
                folder,
                Duration.ofSeconds(10),
                TrafficSettings.DEFAULT,
                DirectorySettings.DEFAULT,
                null,
                List.of(operators));
    }

    /** @param silence after so long without a line the router gives a stream up */
    public static RunningRouter start(Path folder, Duration silence, URI... operators) {
        return new RunningRouter(
                folder, silence, TrafficSettings.DEFAULT, DirectorySettings.DEFAULT, null, List.of(operators));
    }

    public static RunningRouter start(Path folder, TrafficSettings traffic, URI... operators) {
        return new RunningRouter(
                folder, Duration.ofSeconds(10), traffic, DirectorySettings.DEFAULT, null, List.of(operators));
    }

    public static RunningRouter start(Path folder, DirectorySettings directory, URI... operators) {
        return new RunningRouter(
                folder, Duration.ofSeconds(10), TrafficSettings.DEFAULT, directory, null, List.of(operators));
    }

    /** @param tracing where spans go */
    public static RunningRouter start(Path folder, OpenTelemetry tracing, URI... operators) {
        return new RunningRouter(
                folder,
                Duration.ofSeconds(10),
                TrafficSettings.DEFAULT,
                DirectorySettings.DEFAULT,
                tracing,
                List.of(operators));
    }

    public Reply get(String target) {
        return json(send(HttpRequest.newBuilder(uri(target)).build()));
    }

    /** @param token the header {@code X-Causal-Token} */
    public Reply get(String target, @Nullable String token) {
        return json(send(with(token, HttpRequest.newBuilder(uri(target))).build()));
    }

    public Reply get(String target, String header, String value) {
        return json(
                send(HttpRequest.newBuilder(uri(target)).header(header, value).build()));
    }

    public String text(String target) {
        return send(HttpRequest.newBuilder(uri(target)).build()).body();
    }

    public Reply post(String target, String body) {
        return method("POST", target, body);
    }

    /** @param token the header {@code X-Causal-Token}; null to send none */
    public Reply post(String target, String body, @Nullable String token) {
        return json(send(with(token, HttpRequest.newBuilder(uri(target)))
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build()));
    }

    public Reply method(String method, String target, String body) {
        return json(send(HttpRequest.newBuilder(uri(target))
                .method(method, HttpRequest.BodyPublishers.ofString(body))
                .build()));
    }

    public String log() {
        return log.toString(UTF_8);
    }

    /** What the port of health and metrics answers. */
    public HttpResponse<String> health(String target) {
        return send(HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + router.healthPort() + target))
                .build());
    }

    public int port() {
        return router.port();
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            client.close();
            router.close();
        }
    }

    private static HttpRequest.Builder with(@Nullable String token, HttpRequest.Builder request) {
        return token == null ? request : request.header("X-Causal-Token", token);
    }

    private URI uri(String target) {
        return URI.create("http://127.0.0.1:" + port() + target);
    }

    private HttpResponse<String> send(HttpRequest request) {
        try {
            return client.send(request, HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static Reply json(HttpResponse<String> response) {
        try {
            return new Reply(
                    response.statusCode(),
                    response.headers().firstValue("content-type").orElse(""),
                    response.headers().map(),
                    Json.read(response.body().getBytes(UTF_8), JsonNode.class));
        } catch (MalformedJsonException e) {
            throw new UncheckedIOException("not JSON: " + response.body(), e);
        }
    }
}
