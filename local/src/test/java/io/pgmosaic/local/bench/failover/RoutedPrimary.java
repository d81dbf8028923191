package io.pgmosaic.local.bench.failover;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.pgmosaic.local.bench.gap.PrimaryFinder;
import io.pgmosaic.local.bench.gap.Server;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Optional;
import java.util.Properties;

/** The primary as a router knows it. With one shard, every key has the same. */
final class RoutedPrimary implements PrimaryFinder {
    /** How long the router may hold its answer while the shard has no primary. */
    private static final Duration WAIT = Duration.ofSeconds(5);

    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(1);
    private static final JsonMapper JSON = new JsonMapper();

    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(CONNECT_TIMEOUT).build();
    private final HttpRequest question;
    private final Properties credentials;

    /** @param router where it listens */
    RoutedPrimary(URI router, Properties credentials) {
        question = HttpRequest.newBuilder(
                        router.resolve("/v1/route?table=writes&key=1&intent=write&wait=" + WAIT.toMillis()))
                .timeout(WAIT.plus(CONNECT_TIMEOUT))
                .build();
        this.credentials = credentials;
    }

    @Override
    public Optional<Server> find() throws InterruptedException {
        JsonNode answer;
        try {
            HttpResponse<byte[]> response = http.send(question, HttpResponse.BodyHandlers.ofByteArray());
            if (response.statusCode() != 200) {
                return Optional.empty();
            }
            answer = JSON.readTree(response.body());
        } catch (IOException silent) {
            return Optional.empty();
        }
        JsonNode server = answer.path("server");
        return Optional.of(new Server(
                server.path("instance").asText(),
                server.path("host").asText(),
                server.path("port").asInt(),
                answer.path("database").asText(),
                credentials));
    }
}
