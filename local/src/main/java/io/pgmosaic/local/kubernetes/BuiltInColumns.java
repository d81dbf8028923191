package io.pgmosaic.local.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;

import java.util.Optional;

/** The columns that people look at of the built-in kinds that a local cluster has. */
final class BuiltInColumns {
    private static final String CREATED = ".metadata.creationTimestamp";

    private BuiltInColumns() {}

    static Optional<JsonNode> of(ResourceType type) {
        ArrayNode columns = JsonNodeFactory.instance.arrayNode();
        switch (type.kind()) {
            case "Pod" -> {
                computed(columns, "Ready", "podReady");
                computed(columns, "Status", "podStatus");
                computed(columns, "Restarts", "podRestarts");
                path(columns, "Age", "date", CREATED);
                path(columns, "IP", "string", ".status.podIP");
            }
            case "StatefulSet" -> {
                computed(columns, "Ready", "setReady");
                path(columns, "Age", "date", CREATED);
            }
            case "PersistentVolumeClaim" -> {
                path(columns, "Status", "string", ".status.phase");
                path(columns, "Capacity", "string", ".status.capacity.storage");
                path(columns, "Age", "date", CREATED);
            }
            case "Event" -> {
                path(columns, "Created", "date", CREATED);
                path(columns, "Type", "string", ".type");
                path(columns, "Reason", "string", ".reason");
                path(columns, "Message", "string", type.group().isEmpty() ? ".message" : ".note");
            }
            default -> {
                return Optional.empty();
            }
        }
        return Optional.of(columns);
    }

    /** The value of a column that is not simply a field. */
    static JsonNode compute(String what, JsonNode object) {
        JsonNode containers = object.path("status").path("containerStatuses");
        return switch (what) {
            case "podReady" ->
                TextNode.valueOf(count(containers) + "/"
                        + object.path("spec").path("containers").size());
            case "podRestarts" -> IntNode.valueOf(sum(containers));
            case "setReady" ->
                TextNode.valueOf(object.path("status").path("readyReplicas").asInt() + "/"
                        + object.path("spec").path("replicas").asInt(1));
            default -> TextNode.valueOf(podStatus(object, containers));
        };
    }

    private static String podStatus(JsonNode pod, JsonNode containers) {
        if (pod.path("metadata").has("deletionTimestamp")) {
            return "Terminating";
        }
        for (JsonNode container : containers) {
            String reason =
                    container.path("state").path("waiting").path("reason").asText();
            if (!reason.isEmpty()) {
                return reason;
            }
        }
        return pod.path("status").path("phase").asText("Pending");
    }

    private static int count(JsonNode containers) {
        int ready = 0;
        for (JsonNode container : containers) {
            ready += container.path("ready").asBoolean() ? 1 : 0;
        }
        return ready;
    }

    private static int sum(JsonNode containers) {
        int restarts = 0;
        for (JsonNode container : containers) {
            restarts += container.path("restartCount").asInt();
        }
        return restarts;
    }

    private static void path(ArrayNode columns, String name, String type, String jsonPath) {
        column(columns, name, type).put("jsonPath", jsonPath);
    }

    private static void computed(ArrayNode columns, String name, String what) {
        column(columns, name, "string").put("computed", what);
    }

    private static ObjectNode column(ArrayNode columns, String name, String type) {
        return columns.addObject().put("name", name).put("type", type).put("priority", name.equals("IP") ? 1 : 0);
    }
}
