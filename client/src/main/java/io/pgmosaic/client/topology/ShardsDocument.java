package io.pgmosaic.client.topology;

import com.fasterxml.jackson.databind.JsonNode;
import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads the body of a router's {@code GET /v1/shards}. What is unknown in it is left aside. */
final class ShardsDocument {
    private ShardsDocument() {}

    static Map<String, ShardServers> shards(JsonNode document) {
        Map<String, ShardServers> shards = new LinkedHashMap<>();
        String zone = document.path("zone").asText();
        for (JsonNode node : document.path("shards")) {
            ShardServers shard = shard(node, zone);
            shards.put(shard.shard(), shard);
        }
        return shards;
    }

    private static ShardServers shard(JsonNode node, String zone) {
        List<ReplicaServer> replicas = new ArrayList<>();
        for (JsonNode replica : node.path("replicas")) {
            replicas.add(new ReplicaServer(
                    server(replica),
                    replica.has("lagMillis") ? replica.path("lagMillis").asLong() : null,
                    position(replica.path("position")),
                    !zone.isEmpty() && zone.equals(replica.path("zone").asText())));
        }
        return new ShardServers(
                node.path("shard").asText(),
                node.path("term").asLong(),
                node.has("primary") ? server(node.path("primary")) : null,
                replicas,
                node.has("reason") ? node.path("reason").asText() : null);
    }

    static ServerAddress server(JsonNode node) {
        return new ServerAddress(
                node.path("instance").asText(),
                node.path("host").asText(),
                node.path("port").asInt());
    }

    static @Nullable Position position(JsonNode node) {
        return node.isObject()
                ? Position.of(node.path("term").asLong(), node.path("lsn").asText())
                : null;
    }
}
