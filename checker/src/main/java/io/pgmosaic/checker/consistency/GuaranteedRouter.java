package io.pgmosaic.checker.consistency;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/** Asks a router for servers that have a guarantee, and reports positions to it. */
public final class GuaranteedRouter {
    private static final JsonMapper JSON = new JsonMapper();
    private static final Duration LIMIT = Duration.ofSeconds(8);
    private static final String TOKEN = "X-Causal-Token";

    private final URI base;
    private final boolean asks;
    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(1))
            .build();

    private GuaranteedRouter(URI base, boolean asks) {
        this.base = base;
        this.asks = asks;
    }

    public static GuaranteedRouter of(URI base) {
        return new GuaranteedRouter(base, true);
    }

    /** One that names the replica that is most behind, whatever it is asked for: the checks must see through it. */
    public static GuaranteedRouter thatIgnoresGuarantees(URI base) {
        return new GuaranteedRouter(base, false);
    }

    /**
     * A server that is good for it.
     *
     * @param position that a replica had reached when it was chosen; null when none was told
     */
    record Target(
            String shard,
            long term,
            String instance,
            String host,
            int port,
            boolean replica,
            @Nullable String position) {}

    /** Who asks: by a session or by a token, or by neither; null for what is not used. */
    record Reader(@Nullable String session, @Nullable String token) {}

    /** @throws IOException when the router names none */
    Target primary(long key, @Nullable String session) throws IOException, InterruptedException {
        return target("intent=write&key=" + key + (session == null ? "" : "&session=" + session), null);
    }

    /** @throws IOException when the router names none */
    Target reader(long key, Guarantee guarantee, Reader reader) throws IOException, InterruptedException {
        if (!asks) {
            JsonNode answer = answer("intent=read&key=" + key, null);
            return answer.path("replicas")
                    .valueStream()
                    .max(Comparator.comparingLong(
                            replica -> replica.path("lagMillis").asLong(Long.MAX_VALUE)))
                    .map(replica -> target(answer, replica, true))
                    .orElseGet(() -> target(answer, answer.path("server"), false));
        }
        return target(
                "intent=read&key=" + key + "&consistency=" + guarantee.parameter()
                        + (reader.session() == null ? "" : "&session=" + reader.session()),
                reader.token());
    }

    private Target target(String query, @Nullable String token) throws IOException, InterruptedException {
        JsonNode answer = answer(query, token);
        JsonNode server = answer.path("server");
        return target(answer, server, server.path("role").asText().equals("replica"));
    }

    private JsonNode answer(String query, @Nullable String token) throws IOException, InterruptedException {
        return send(HttpRequest.newBuilder(base.resolve("/v1/route?table=" + Counters.TABLE + "&" + query)), token);
    }

    private static Target target(JsonNode answer, JsonNode server, boolean replica) {
        JsonNode position = answer.path("position").path("lsn");
        return new Target(
                answer.path("shard").asText(),
                answer.path("term").asLong(),
                server.path("instance").asText(),
                server.path("host").asText(),
                server.path("port").asInt(),
                replica,
                position.isTextual() ? position.asText() : null);
    }

    /**
     * Reports a position, and returns the token with it; null with a session.
     *
     * @throws IOException when it is not taken; what was reported counts for nothing then
     */
    @Nullable
    String report(Target target, Position position, String kind, Reader reader)
            throws IOException, InterruptedException {
        Map<String, Object> body = new java.util.HashMap<>(
                Map.of("shard", target.shard(), "term", position.term(), "lsn", position.lsn(), "kind", kind));
        if (reader.session() != null) {
            body.put("session", reader.session());
        }
        if (kind.equals("read")) {
            body.put("instance", target.instance());
        }
        JsonNode answer = post("/v1/positions", body, reader.token());
        return answer.path("token").isTextual() ? answer.path("token").asText() : null;
    }

    /** A place in a shard's log, as the server told it. */
    record Position(long term, String lsn) {}

    /** @throws IOException when the router does not merge them */
    String merge(List<String> tokens) throws IOException, InterruptedException {
        return post("/v1/tokens/merge", Map.of("tokens", tokens), null)
                .path("token")
                .asText();
    }

    private JsonNode post(String path, Object body, @Nullable String token) throws IOException, InterruptedException {
        return send(
                HttpRequest.newBuilder(base.resolve(path))
                        .POST(HttpRequest.BodyPublishers.ofByteArray(JSON.writeValueAsBytes(body))),
                token);
    }

    private JsonNode send(HttpRequest.Builder request, @Nullable String token)
            throws IOException, InterruptedException {
        if (token != null) {
            request.header(TOKEN, token);
        }
        HttpResponse<String> response = http.send(request.timeout(LIMIT).build(), HttpResponse.BodyHandlers.ofString());
        if (response.statusCode() != 200) {
            throw new IOException("the router answers " + response.statusCode() + ": "
                    + JSON.readTree(response.body()).path("detail").asText());
        }
        return JSON.readTree(response.body());
    }
}
