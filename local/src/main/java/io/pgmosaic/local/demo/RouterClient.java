package io.pgmosaic.local.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Asks a router over HTTP, as an application does. */
public final class RouterClient {
    private static final JsonMapper JSON = new JsonMapper();

    private final URI base;
    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(5))
            .build();

    RouterClient(URI base) {
        this.base = base;
    }

    /** A server to connect to. */
    public record Target(String shard, String instance, String role, String host, int port, String database) {}

    /** Where the router listens. */
    public URI base() {
        return base;
    }

    /** The server for one key. */
    Target route(String table, long key, String intent) throws StepFailed, InterruptedException {
        JsonNode answer = ask(
                HttpRequest.newBuilder(base.resolve("/v1/route?table=" + table + "&key=" + key + "&intent=" + intent)));
        JsonNode server = answer.path("server");
        return new Target(
                answer.path("shard").asText(),
                server.path("instance").asText(),
                server.path("role").asText(),
                server.path("host").asText(),
                server.path("port").asInt(),
                answer.path("database").asText());
    }

    /** The shard of each key, in order. */
    List<String> shards(String table, List<Long> keys) throws StepFailed, InterruptedException {
        var body = JSON.createObjectNode().put("table", table);
        keys.forEach(body.putArray("keys")::add);
        JsonNode answer = ask(HttpRequest.newBuilder(base.resolve("/v1/route"))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body.toString())));
        List<String> shards = new ArrayList<>();
        answer.path("results").forEach(result -> shards.add(result.path("shard").asText()));
        return shards;
    }

    /** The primary of every shard. */
    public List<Target> primaries() throws StepFailed, InterruptedException {
        JsonNode answer = ask(HttpRequest.newBuilder(base.resolve("/v1/shards")));
        List<Target> primaries = new ArrayList<>();
        for (JsonNode shard : answer.path("shards")) {
            JsonNode primary = shard.path("primary");
            primaries.add(new Target(
                    shard.path("shard").asText(),
                    primary.path("instance").asText(),
                    "primary",
                    primary.path("host").asText(),
                    primary.path("port").asInt(),
                    answer.path("database").asText()));
        }
        return primaries;
    }

    private JsonNode ask(HttpRequest.Builder request) throws StepFailed, InterruptedException {
        HttpRequest built = request.timeout(Duration.ofSeconds(10)).build();
        try {
            HttpResponse<String> response = http.send(built, HttpResponse.BodyHandlers.ofString());
            if (response.statusCode() != 200) {
                throw new StepFailed(
                        "the router answers " + response.statusCode() + " to " + built.uri() + ": " + response.body());
            }
            return JSON.readTree(response.body());
        } catch (IOException e) {
            throw new StepFailed("the router does not answer " + built.uri() + ": " + e, e);
        }
    }
}
