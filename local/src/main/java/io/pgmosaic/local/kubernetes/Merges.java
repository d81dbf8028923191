package io.pgmosaic.local.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import java.util.List;

/** Laying one document over another, by the rules of the three patch types that are not lists of operations. */
final class Merges {
    private Merges() {}

    /** JSON merge patch (RFC 7386). */
    static void mergePatch(ObjectNode target, JsonNode patch) {
        patch.properties().forEach(entry -> {
            String name = entry.getKey();
            JsonNode value = entry.getValue();
            if (value.isNull()) {
                target.remove(name);
            } else if (value.isObject()) {
                mergePatch(objectAt(target, name), value);
            } else {
                target.set(name, value);
            }
        });
    }

    /** Server-side apply: the given fields replace what was there; keyed lists merge item by item. */
    static void apply(ObjectNode target, JsonNode applied, JsonNode schema) {
        lay(target, applied, schema, false);
    }

    /**
     * Strategic merge patch as {@code kubectl} sends it for built-in kinds: like a merge patch, and keyed lists merge
     * item by item. Of its directives {@code $patch: delete} in list items is known.
     */
    static void strategicPatch(ObjectNode target, JsonNode patch, JsonNode schema) {
        lay(target, patch, schema, true);
    }

    private static void lay(ObjectNode target, JsonNode source, JsonNode schema, boolean nullRemoves) {
        source.properties().forEach(entry -> {
            String name = entry.getKey();
            JsonNode value = entry.getValue();
            JsonNode valueSchema = Schemas.property(schema, name);
            List<String> keys = value.isArray() ? ListKeys.of(name, value, valueSchema) : List.of();
            if (nullRemoves && (name.startsWith("$") || value.isNull())) {
                target.remove(name);
            } else if (value.isObject() && !value.isEmpty()) {
                lay(objectAt(target, name), value, valueSchema, nullRemoves);
            } else if (value.isObject() && target.path(name).isObject()) {
                return; // an empty map asks for the map, not for it to be emptied
            } else if (!keys.isEmpty() && target.get(name) instanceof ArrayNode list) {
                layItems(list, value, keys, valueSchema.path("items"), nullRemoves);
            } else if (ListKeys.isSet(name, valueSchema) && target.get(name) instanceof ArrayNode list) {
                value.forEach(item -> addIfAbsent(list, item));
            } else {
                target.set(name, value.deepCopy());
            }
        });
    }

    private static void layItems(
            ArrayNode list, JsonNode items, List<String> keys, JsonNode itemSchema, boolean nullRemoves) {
        for (JsonNode item : items) {
            int at = indexOf(list, item, keys);
            if (nullRemoves && item.path("$patch").asText().equals("delete")) {
                if (at >= 0) {
                    list.remove(at);
                }
            } else if (at >= 0 && list.get(at) instanceof ObjectNode existing) {
                lay(existing, item, itemSchema, nullRemoves);
            } else {
                list.add(item.deepCopy());
            }
        }
    }

    private static int indexOf(ArrayNode list, JsonNode item, List<String> keys) {
        for (int i = 0; i < list.size(); i++) {
            if (ListKeys.same(list.get(i), item, keys)) {
                return i;
            }
        }
        return -1;
    }

    private static void addIfAbsent(ArrayNode list, JsonNode item) {
        for (JsonNode existing : list) {
            if (existing.equals(item)) {
                return;
            }
        }
        list.add(item);
    }

    private static ObjectNode objectAt(ObjectNode target, String name) {
        return target.get(name) instanceof ObjectNode existing ? existing : target.putObject(name);
    }
}
