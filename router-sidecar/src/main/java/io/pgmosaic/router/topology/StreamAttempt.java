package io.pgmosaic.router.topology;

import com.fasterxml.jackson.databind.JsonNode;
import io.pgmosaic.protocol.Json;
import io.pgmosaic.protocol.MalformedJsonException;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.parsetools.RecordParser;
import org.jspecify.annotations.Nullable;

import java.net.URI;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.regex.Pattern;

/**
 * One connection to one operator, from reading the secret to its end; a later attempt reads the secret anew, so that a
 * rotated one is picked up. Confined to one event loop.
 */
final class StreamAttempt {
    private static final int MOST_OF_A_REFUSAL = 4 << 10;
    private static final int MAX_LINE_BYTES = 8 << 20;
    private static final Pattern SECONDS = Pattern.compile("[0-9]{1,2}");

    private final Vertx vertx;
    private final StreamSettings settings;
    private final URI url;
    private final @Nullable String position;
    private final BiConsumer<URI, byte[]> lines;
    private final BiConsumer<String, Duration> ended;
    private @Nullable HttpClient client;
    private long watchdog;
    private boolean over;

    /**
     * @param position to go on from; null for none
     * @param ended told once, with the reason and how long the operator wants to be left alone
     */
    StreamAttempt(
            Vertx vertx,
            StreamSettings settings,
            URI url,
            @Nullable String position,
            BiConsumer<URI, byte[]> lines,
            BiConsumer<String, Duration> ended) {
        this.vertx = vertx;
        this.settings = settings;
        this.url = url;
        this.position = position;
        this.lines = lines;
        this.ended = ended;
    }

    void start() {
        watch();
        vertx.executeBlocking(() -> RouterSecret.read(settings.secretDirectory()))
                .onSuccess(this::connect)
                .onFailure(this::failed);
    }

    /** Does nothing when the attempt is over already. */
    void end(String reason) {
        end(reason, Duration.ZERO);
    }

    private void end(String reason, Duration retryAfter) {
        if (over) {
            return;
        }
        over = true;
        vertx.cancelTimer(watchdog);
        if (client != null) {
            client.shutdown(0, TimeUnit.SECONDS);
        }
        ended.accept(reason, retryAfter);
    }

    private void connect(RouterSecret secret) {
        if (over) {
            return;
        }
        client = OperatorClient.create(vertx, secret);
        client.request(OperatorClient.request(HttpMethod.GET, url, settings.streamPath(url, position), secret)
                        .addHeader("Accept", "application/x-ndjson"))
                .compose(HttpClientRequest::send)
                .onSuccess(this::receive)
                .onFailure(this::failed);
    }

    private void receive(HttpClientResponse response) {
        if (response.statusCode() != 200) {
            refused(response);
            return;
        }
        RecordParser parser = RecordParser.newDelimited("\n", response).maxRecordSize(MAX_LINE_BYTES);
        parser.exceptionHandler(this::failed);
        parser.endHandler(v -> end("the operator closed the stream"));
        parser.handler(line -> {
            if (!over && line.length() > 0) {
                vertx.cancelTimer(watchdog);
                watch();
                lines.accept(url, line.getBytes());
            }
        });
    }

    private void watch() {
        watchdog = vertx.setTimer(
                settings.silence().toMillis(),
                timer -> end("no line for " + settings.silence().toMillis() + " ms"));
    }

    private void failed(Throwable cause) {
        end(cause.toString());
    }

    /** Passes on what the operator says, such as which permission is missing. */
    private void refused(HttpClientResponse response) {
        Buffer body = Buffer.buffer();
        Duration retryAfter = retryAfter(response.getHeader(HttpHeaders.RETRY_AFTER));
        response.handler(part -> {
            if (body.length() < MOST_OF_A_REFUSAL) {
                body.appendBuffer(part);
            }
        });
        response.exceptionHandler(e -> end(refusal(response.statusCode()), retryAfter));
        response.endHandler(v -> end(refusal(response.statusCode()) + detail(body), retryAfter));
    }

    /** Of the header's form in seconds; none of what is none. */
    private static Duration retryAfter(@Nullable String header) {
        return header != null && SECONDS.matcher(header).matches()
                ? Duration.ofSeconds(Integer.parseInt(header))
                : Duration.ZERO;
    }

    private static String detail(Buffer body) {
        try {
            JsonNode detail = Json.read(body.getBytes(), JsonNode.class).path("detail");
            return detail.isTextual() ? "; it says: " + detail.asText() : "";
        } catch (MalformedJsonException notOurs) {
            return "";
        }
    }

    private String refusal(int status) {
        return switch (status) {
            case 401, 403 ->
                status + ": the operator does not accept the token in "
                        + settings.secretDirectory().resolve("token");
            case 404 -> "404: the operator knows no ShardedCluster " + settings.namespace() + "/" + settings.cluster();
            default -> "status " + status;
        };
    }
}
