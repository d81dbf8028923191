package io.pgmosaic.api.generate;

import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaProps;
import org.jspecify.annotations.Nullable;

import java.util.function.BiConsumer;

/** Walks through a structural schema. */
final class Schemas {
    private Schemas() {}

    /** The schema at a path of property names joined by dots, with {@code []} for the elements of a list; null when there is none. */
    static @Nullable JSONSchemaProps find(JSONSchemaProps root, String path) {
        JSONSchemaProps schema = root;
        for (String step : path.split("\\.", -1)) {
            boolean element = step.endsWith("[]");
            String name = element ? step.substring(0, step.length() - 2) : step;
            schema = schema.getProperties() == null
                    ? null
                    : schema.getProperties().get(name);
            if (schema == null) {
                return null;
            }
            schema = element ? schema.getItems().getSchema() : schema;
        }
        return schema;
    }

    /** Visits {@code root} and everything below it; paths are written {@code a.b[].c}, {@code a.*} for map values. */
    static void walk(JSONSchemaProps root, BiConsumer<String, JSONSchemaProps> visitor) {
        walk("", root, visitor);
    }

    private static void walk(String path, JSONSchemaProps schema, BiConsumer<String, JSONSchemaProps> visitor) {
        visitor.accept(path, schema);
        if (schema.getProperties() != null) {
            schema.getProperties()
                    .forEach((name, child) -> walk(path.isEmpty() ? name : path + "." + name, child, visitor));
        }
        if (schema.getItems() != null && schema.getItems().getSchema() != null) {
            walk(path + "[]", schema.getItems().getSchema(), visitor);
        }
        if (schema.getAdditionalProperties() != null
                && schema.getAdditionalProperties().getSchema() != null) {
            walk(path + ".*", schema.getAdditionalProperties().getSchema(), visitor);
        }
    }
}
