package io.pgmosaic.local.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;

import java.util.List;
import java.util.Map;

/**
 * How the lists of a kind merge: items are matched by some of their fields, or the list is one value. Custom kinds say
 * it in their schema; for the built-in ones it stands here.
 */
final class ListKeys {
    private static final Map<String, List<String>> BUILT_IN = Map.ofEntries(
            Map.entry("containers", List.of("name")),
            Map.entry("initContainers", List.of("name")),
            Map.entry("env", List.of("name")),
            Map.entry("volumes", List.of("name")),
            Map.entry("imagePullSecrets", List.of("name")),
            Map.entry("volumeMounts", List.of("mountPath")),
            Map.entry("volumeDevices", List.of("devicePath")),
            Map.entry("conditions", List.of("type")),
            Map.entry("ownerReferences", List.of("uid")),
            Map.entry("hostAliases", List.of("ip")),
            Map.entry("podIPs", List.of("ip")),
            Map.entry("topologySpreadConstraints", List.of("topologyKey", "whenUnsatisfiable")));
    private static final List<String> CONTAINER_PORT = List.of("containerPort", "protocol");
    private static final List<String> SERVICE_PORT = List.of("port", "protocol");

    private ListKeys() {}

    /**
     * The fields that tell the items of the list apart; empty when it merges as one value.
     *
     * @param field the list's own name
     * @param schema the list's schema, missing for built-in kinds and for metadata
     */
    static List<String> of(String field, JsonNode list, JsonNode schema) {
        if (!schema.isMissingNode()) {
            List<String> keys = new java.util.ArrayList<>();
            schema.path("x-kubernetes-list-map-keys").forEach(key -> keys.add(key.asText()));
            return keys;
        }
        if (field.equals("ports")) {
            return list.path(0).has("containerPort") ? CONTAINER_PORT : SERVICE_PORT;
        }
        return BUILT_IN.getOrDefault(field, List.of());
    }

    /** Lists of plain values that merge as sets. */
    static boolean isSet(String field, JsonNode schema) {
        return schema.isMissingNode()
                ? field.equals("finalizers")
                : schema.path("x-kubernetes-list-type").asText().equals("set");
    }

    /** The value of one key field of an item; a port's protocol is TCP unless it says otherwise. */
    static String value(JsonNode item, String key) {
        JsonNode value = item.path(key);
        return value.isMissingNode() && key.equals("protocol") ? "TCP" : value.asText();
    }

    static boolean same(JsonNode one, JsonNode other, List<String> keys) {
        return keys.stream().allMatch(key -> value(one, key).equals(value(other, key)));
    }
}
