package io.pgmosaic.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;

/** {@code /v1/directory} of one router. */
final class RouterCall {
    private static final JsonMapper JSON = new JsonMapper();
    /** An operator answers a change within 45 s, and a router waits a little longer. */
    private static final Duration LONGEST = Duration.ofSeconds(60);

    private static final Duration CONNECT = Duration.ofSeconds(5);
    private static final int SUCCESS = 200;

    private final URI router;

    RouterCall(URI router) {
        this.router = router;
    }

    JsonNode entry(String table, List<String> key) throws Refusal {
        StringBuilder query = new StringBuilder("table=").append(encoded(table));
        key.forEach(value -> query.append("&key=").append(encoded(value)));
        return answer(HttpRequest.newBuilder(uri("?" + query)).GET());
    }

    /** @param shard null to take the key back */
    JsonNode change(String table, List<String> key, @Nullable String shard) throws Refusal {
        ObjectNode body = JSON.createObjectNode().put("table", table);
        ObjectNode entry = body.putArray("entries").addObject();
        ArrayNode values = entry.putArray("key");
        key.forEach(values::add);
        if (shard != null) {
            entry.put("shard", shard);
        }
        return answer(HttpRequest.newBuilder(uri(""))
                .header("Content-Type", "application/json")
                .method(shard == null ? "DELETE" : "PUT", HttpRequest.BodyPublishers.ofString(body.toString())));
    }

    private URI uri(String query) {
        return URI.create(router.toString().replaceFirst("/$", "") + "/v1/directory" + query);
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    private JsonNode answer(HttpRequest.Builder request) throws Refusal {
        try (HttpClient client = HttpClient.newBuilder().connectTimeout(CONNECT).build()) {
            HttpResponse<String> response =
                    client.send(request.timeout(LONGEST).build(), HttpResponse.BodyHandlers.ofString());
            JsonNode body = JSON.readTree(response.body());
            if (response.statusCode() != SUCCESS) {
                throw new Refusal(body.path("title").asText("status " + response.statusCode()) + ": "
                        + body.path("detail").asText("the router says no more"));
            }
            return body;
        } catch (JsonProcessingException e) {
            throw new Refusal("what answers at " + router + " is no router: " + e.getOriginalMessage(), e);
        } catch (IOException e) {
            throw new Refusal(
                    "the router at " + router + " does not answer: " + e
                            + "; a change may have been made all the same, see with get",
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Refusal("interrupted while waiting for the router; see with get what became of a change", e);
        }
    }
}
