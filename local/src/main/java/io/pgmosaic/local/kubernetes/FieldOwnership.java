package io.pgmosaic.local.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/**
 * Sets of fields in the form that {@code metadata.managedFields} shows them ({@code FieldsV1}): {@code f:name} for a
 * field, {@code k:{...}} for the item of a keyed list, {@code v:value} for an element of a set, {@code .} for the item
 * itself.
 */
final class FieldOwnership {
    private FieldOwnership() {}

    /** Every field that {@code value} gives. */
    static ObjectNode fieldsOf(JsonNode value, JsonNode schema) {
        ObjectNode fields = JsonNodeFactory.instance.objectNode();
        value.properties().forEach(entry -> {
            String name = entry.getKey();
            fields.set("f:" + name, fieldsOf(name, entry.getValue(), Schemas.property(schema, name)));
        });
        return fields;
    }

    private static ObjectNode fieldsOf(String name, JsonNode value, JsonNode schema) {
        if (value.isObject()) {
            return fieldsOf(value, schema);
        }
        ObjectNode fields = JsonNodeFactory.instance.objectNode();
        if (value.isArray()) {
            List<String> keys = ListKeys.of(name, value, schema);
            boolean set = keys.isEmpty() && ListKeys.isSet(name, schema);
            for (JsonNode item : value) {
                if (!keys.isEmpty()) {
                    ObjectNode itemFields = fieldsOf(item, schema.path("items"));
                    itemFields.putObject(".");
                    fields.set(itemName(item, keys), itemFields);
                } else if (set) {
                    fields.putObject("v:" + item);
                }
            }
        }
        return fields;
    }

    /** What is in {@code fields} and not in {@code others}. */
    static ObjectNode minus(JsonNode fields, JsonNode others) {
        ObjectNode rest = JsonNodeFactory.instance.objectNode();
        fields.properties().forEach(entry -> {
            JsonNode other = others.path(entry.getKey());
            if (other.isMissingNode()) {
                rest.set(entry.getKey(), entry.getValue());
            } else if (!entry.getValue().isEmpty()) {
                ObjectNode inner = minus(entry.getValue(), other);
                if (!inner.isEmpty()) {
                    rest.set(entry.getKey(), inner);
                }
            }
        });
        return rest;
    }

    /** The leaves of {@code fields} that {@code others} has, too. */
    static ObjectNode intersection(JsonNode fields, JsonNode others) {
        ObjectNode common = JsonNodeFactory.instance.objectNode();
        fields.properties().forEach(entry -> {
            JsonNode other = others.path(entry.getKey());
            if (!other.isMissingNode()) {
                ObjectNode inner = intersection(entry.getValue(), other);
                if (entry.getValue().isEmpty() || !inner.isEmpty()) {
                    common.set(entry.getKey(), inner);
                }
            }
        });
        return common;
    }

    /** Takes {@code fields} out of {@code object}; what they leave empty goes, too. */
    static void remove(ObjectNode object, JsonNode fields) {
        for (Map.Entry<String, JsonNode> entry : fields.properties()) {
            if (!entry.getKey().startsWith("f:")) {
                continue;
            }
            String name = entry.getKey().substring(2);
            JsonNode value = object.path(name);
            if (entry.getValue().isEmpty()) {
                object.remove(name);
            } else if (value instanceof ObjectNode inner) {
                remove(inner, entry.getValue());
                if (inner.isEmpty()) {
                    object.remove(name);
                }
            } else if (value instanceof ArrayNode list) {
                removeItems(list, entry.getValue());
                if (list.isEmpty()) {
                    object.remove(name);
                }
            }
        }
    }

    private static void removeItems(ArrayNode list, JsonNode fields) {
        for (Map.Entry<String, JsonNode> entry : fields.properties()) {
            String name = entry.getKey();
            for (Iterator<JsonNode> items = list.iterator(); items.hasNext(); ) {
                JsonNode item = items.next();
                if (!isNamed(item, name)) {
                    continue;
                }
                if (name.startsWith("v:") || entry.getValue().has(".")) {
                    items.remove();
                } else if (item instanceof ObjectNode inner) {
                    remove(inner, entry.getValue());
                }
            }
        }
    }

    private static boolean isNamed(JsonNode item, String name) {
        if (name.startsWith("v:")) {
            return name.equals("v:" + item);
        }
        List<String> keys = new ArrayList<>();
        JsonNode wanted = Requests.read(name.substring(2));
        wanted.fieldNames().forEachRemaining(keys::add);
        return ListKeys.same(item, wanted, keys);
    }

    private static String itemName(JsonNode item, List<String> keys) {
        ObjectNode name = JsonNodeFactory.instance.objectNode();
        keys.forEach(key -> {
            JsonNode value = item.path(key);
            if (value.isMissingNode()) {
                name.put(key, ListKeys.value(item, key));
            } else {
                name.set(key, value);
            }
        });
        return "k:" + name;
    }
}
