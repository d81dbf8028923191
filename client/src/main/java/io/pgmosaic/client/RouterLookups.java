package io.pgmosaic.client;

import com.fasterxml.jackson.databind.JsonNode;
import io.pgmosaic.client.load.ShardOverloadedException;
import io.pgmosaic.client.topology.Position;
import io.pgmosaic.client.topology.RouterConnection;
import io.pgmosaic.client.topology.RouterProblemException;
import io.pgmosaic.client.topology.ServerAddress;
import io.pgmosaic.client.topology.ShardServers;
import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Asks the router for what this process cannot decide by itself. */
final class RouterLookups {
    private static final String NOT_FOUND = "value-not-found";
    private static final String OVERLOADED = "shard-overloaded";
    private static final int TOO_MANY = 429;
    private static final int SERVER_ERROR = 500;
    private static final Duration SOON = Duration.ofSeconds(1);

    private final RouterConnection router;

    RouterLookups(RouterConnection router) {
        this.router = router;
    }

    /**
     * The server that a router chose.
     *
     * @param shard in the term that the router knows
     * @param position what the replica held at least when it was chosen; null for a primary, and when unknown
     */
    record Chosen(
            ShardServers shard,
            long mapVersion,
            ServerAddress server,
            boolean primary,
            @Nullable Position position) {}

    /**
     * The shard of a key.
     *
     * @param intent {@code read} or {@code write}
     * @param priority 1 to 10
     * @param refresh whether what the router remembers of a directory will not do
     */
    String owner(TableKey key, String intent, int priority, boolean refresh) throws SQLException {
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("intent", intent);
        members.put("priority", priority);
        if (refresh) {
            members.put("refresh", true);
        }
        JsonNode result = ask(key, members, null).path("results").path(0);
        if (!result.has("shard")) {
            throw refused(result.path("problem"));
        }
        return result.path("shard").asText();
    }

    /**
     * A server for a read.
     *
     * @param wishes the parameters of the lookup
     * @param token to show; null for none
     */
    Chosen reader(TableKey key, Map<String, Object> wishes, @Nullable String token) throws SQLException {
        Map<String, Object> members = new LinkedHashMap<>(wishes);
        members.put("intent", "read");
        if (key.values().isEmpty()) {
            return chosen(askWithoutKey(key, members, token));
        }
        JsonNode answer = ask(key, members, token);
        JsonNode result = answer.path("results").path(0);
        if (result.has("problem")) {
            throw refused(result.path("problem"));
        }
        return chosen(answer.path("shards").path(0));
    }

    /**
     * The key that has a value of a lookup index; null when none has.
     *
     * @param refresh whether what the router remembers will not do
     */
    @Nullable
    JsonNode byValue(String index, String value, boolean refresh) throws SQLException {
        try {
            return router.get(
                    "/v1/lookup/" + encoded(index) + "?value=" + encoded(value) + (refresh ? "&refresh=true" : ""),
                    null);
        } catch (RouterProblemException e) {
            if (e.type().equals(NOT_FOUND)) {
                return null;
            }
            throw failed(e);
        } catch (IOException e) {
            throw failed(e);
        }
    }

    private static Chosen chosen(JsonNode answer) {
        JsonNode server = answer.path("server");
        JsonNode position = answer.path("position");
        return new Chosen(
                new ShardServers(
                        answer.path("shard").asText(), answer.path("term").asLong(), null, List.of(), null),
                answer.path("mapVersion").asLong(),
                new ServerAddress(
                        server.path("instance").asText(),
                        server.path("host").asText(),
                        server.path("port").asInt()),
                server.path("role").asText().equals("primary"),
                position.isObject()
                        ? Position.of(
                                position.path("term").asLong(),
                                position.path("lsn").asText())
                        : null);
    }

    private JsonNode ask(TableKey key, Map<String, Object> members, @Nullable String token) throws SQLException {
        Map<String, Object> body = new LinkedHashMap<>(members);
        body.put("table", key.table());
        body.put("keys", List.of(key.values()));
        try {
            return router.post("/v1/route", body, token);
        } catch (IOException e) {
            throw failed(e);
        }
    }

    private JsonNode askWithoutKey(TableKey key, Map<String, Object> members, @Nullable String token)
            throws SQLException {
        StringBuilder query = new StringBuilder("/v1/route?table=").append(encoded(key.table()));
        if (members.containsKey("otherwise")) {
            // It is asked again, as a batch is, which does not wait either.
            query.append("&wait=0");
        }
        members.forEach(
                (name, value) -> query.append('&').append(name).append('=').append(encoded(String.valueOf(value))));
        try {
            return router.get(query.toString(), token);
        } catch (IOException e) {
            throw failed(e);
        }
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private static SQLException refused(JsonNode problem) {
        return refused(
                problem.path("status").asInt(),
                RouterConnection.problemType(problem),
                problem.path("detail").asText("the router tells no server"),
                RouterConnection.retryAfter(problem),
                null);
    }

    /**
     * What a failed request is for the caller.
     *
     * @throws IllegalArgumentException when the request itself is wrong
     */
    static SQLException failed(IOException e) {
        return e instanceof RouterProblemException problem
                ? refused(
                        problem.status(),
                        problem.type(),
                        String.valueOf(problem.getMessage()),
                        problem.retryAfter(),
                        problem)
                : new SQLTransientConnectionException(String.valueOf(e.getMessage()), "08001", e);
    }

    private static SQLException refused(
            int status, String type, String detail, @Nullable Duration retryAfter, @Nullable Exception cause) {
        if (type.equals(OVERLOADED)) {
            return new ShardOverloadedException(detail, Objects.requireNonNullElse(retryAfter, SOON), cause);
        }
        if (status == TOO_MANY) {
            return new KeyLimitedException(detail, Objects.requireNonNullElse(retryAfter, SOON), cause);
        }
        if (status < SERVER_ERROR) {
            throw new IllegalArgumentException(detail, cause);
        }
        return new SQLTransientConnectionException(detail, "08001", cause);
    }
}
