package io.pgmosaic.checker;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentLinkedQueue;

/** Asks the router for the primary of a key, and keeps what it answered. */
public final class Router {
    private static final JsonMapper JSON = new JsonMapper();

    private final URI base;
    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(1))
            .build();
    private final Queue<RouteCheck.Answer> answers = new ConcurrentLinkedQueue<>();

    public Router(URI base) {
        this.base = base;
    }

    /** The primary of a shard, as the router knows it. */
    public record Route(String shard, long term, String instance, String host, int port) {}

    /**
     * The primary for a key.
     *
     * @throws NoRouteException when the router answers that there is none
     * @throws IOException when the router does not name one; nothing was sent to any server then
     */
    public Route primary(long key) throws IOException, InterruptedException {
        long began = System.nanoTime();
        JsonNode answer = ask("/v1/route?table=" + Tables.REGISTERS + "&intent=write&key=" + key);
        JsonNode server = answer.path("server");
        Route route = new Route(
                answer.path("shard").asText(),
                answer.path("term").asLong(),
                server.path("instance").asText(),
                server.path("host").asText(),
                server.path("port").asInt());
        answers.add(new RouteCheck.Answer(route.shard(), route.term(), began, System.nanoTime()));
        return route;
    }

    /**
     * The names of all shards that have keys.
     *
     * @throws IOException when the router does not know them
     */
    public Set<String> shards() throws IOException, InterruptedException {
        Set<String> names = new TreeSet<>();
        ask("/v1/shards")
                .path("shards")
                .forEach(shard -> names.add(shard.path("shard").asText()));
        return names;
    }

    private JsonNode ask(String path) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(base.resolve(path))
                .timeout(Duration.ofSeconds(2))
                .build();
        HttpResponse<String> response = http.send(request, HttpResponse.BodyHandlers.ofString());
        if (response.statusCode() != 200) {
            throw new NoRouteException(response.statusCode(), shardOf(response.body()));
        }
        return JSON.readTree(response.body());
    }

    /** The shard that a problem is about; empty when it is about none. */
    private static String shardOf(String problem) throws IOException {
        return JSON.readTree(problem).path("shard").asText();
    }

    /** Every answer so far. */
    public List<RouteCheck.Answer> answers() {
        return List.copyOf(answers);
    }
}
