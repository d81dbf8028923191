package io.pgmosaic.local.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** What a CustomResourceDefinition's structural schema says of an object. */
final class Schemas {
    private Schemas() {}

    /** The schema of one property; missing where the schema is silent, as it is for built-in kinds and metadata. */
    static JsonNode property(JsonNode schema, String name) {
        if (name.equals("metadata")) {
            return MissingNode.getInstance();
        }
        JsonNode declared = schema.path("properties").path(name);
        return declared.isMissingNode() && schema.path("additionalProperties").isObject()
                ? schema.path("additionalProperties")
                : declared;
    }

    /** Fills in what the schema has defaults for, in place. */
    static void applyDefaults(JsonNode value, JsonNode schema) {
        if (value instanceof ObjectNode object) {
            schema.path("properties").properties().forEach(property -> {
                JsonNode fallback = property.getValue().path("default");
                if (!fallback.isMissingNode() && !object.has(property.getKey())) {
                    object.set(property.getKey(), fallback.deepCopy());
                }
            });
            object.properties().forEach(entry -> applyDefaults(entry.getValue(), property(schema, entry.getKey())));
        } else if (value.isArray()) {
            value.forEach(item -> applyDefaults(item, schema.path("items")));
        }
    }

    /** Drops fields that the schema does not know, in place, as the API server does. */
    static void prune(JsonNode value, JsonNode schema) {
        if (value instanceof ObjectNode object && schema.has("properties")) {
            boolean open = schema.path("x-kubernetes-preserve-unknown-fields").asBoolean();
            object.properties().removeIf(entry -> {
                prune(entry.getValue(), property(schema, entry.getKey()));
                return !open && !schema.path("properties").has(entry.getKey());
            });
        } else if (value instanceof ObjectNode object) {
            object.properties().forEach(entry -> prune(entry.getValue(), property(schema, entry.getKey())));
        } else if (value.isArray()) {
            value.forEach(item -> prune(item, schema.path("items")));
        }
    }
}
