package io.pgmosaic.api.schema;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.client.utils.Serialization;
import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.StreamSupport;

/** Reads {@code spec-cases.yaml} and {@code other-cases.yaml}. */
final class SpecCases {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String USUAL_NAME = "orders";

    /**
     * @param before the document that exists already; null when this one is created
     * @param schema part of what an API server says; null when it says nothing
     */
    record Case(
            String what,
            @Nullable JsonNode before,
            JsonNode document,
            @Nullable String schema) {
        @Override
        public String toString() {
            return what;
        }
    }

    private SpecCases() {}

    static List<Case> refused() {
        return read("cases").stream().filter(entry -> entry.schema() != null).toList();
    }

    /** Those of a kind other than ShardedCluster. */
    static List<Case> refused(String kind) {
        JsonNode cases = file("/other-cases.yaml").get(kind);
        JsonNode minimal = cases.get("minimal");
        return StreamSupport.stream(cases.get("cases").spliterator(), false)
                .map(entry -> new Case(
                        kind + ": " + entry.get("what").asText(),
                        entry.has("change") ? document(kind, USUAL_NAME, minimal) : null,
                        document(kind, USUAL_NAME, merge(minimal, entry.get("spec"))),
                        entry.get("schema").asText()))
                .toList();
    }

    /** Those of which an API server has nothing to say, whatever the operator says. */
    static List<Case> accepted() {
        List<Case> accepted = new ArrayList<>(read("accepted"));
        read("cases").stream().filter(entry -> entry.schema() == null).forEach(accepted::add);
        return accepted;
    }

    private static List<Case> read(String list) {
        JsonNode cases = file("/spec-cases.yaml");
        JsonNode minimal = cases.get("minimal");
        return StreamSupport.stream(cases.get(list).spliterator(), false)
                .map(entry -> oneOf(entry, minimal))
                .toList();
    }

    private static JsonNode file(String name) {
        try (InputStream file = Objects.requireNonNull(SpecCases.class.getResourceAsStream(name), name)) {
            return Serialization.unmarshal(file, JsonNode.class);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Case oneOf(JsonNode entry, JsonNode minimal) {
        String name = entry.path("name").asText(USUAL_NAME);
        ObjectNode patch = entry.get("spec").deepCopy();
        if (entry.path("generated").asText().equals("long-parameter")) {
            patch.putObject("postgres").putObject("parameters").put("work_mem", "1".repeat(10_240));
        }
        JsonNode before =
                entry.has("before") ? document("ShardedCluster", name, merge(minimal, entry.get("before"))) : null;
        return new Case(
                entry.get("what").asText(),
                before,
                document("ShardedCluster", name, merge(minimal, patch)),
                entry.has("schema") ? entry.get("schema").asText() : null);
    }

    private static JsonNode document(String kind, String name, JsonNode spec) {
        ObjectNode document = JSON.createObjectNode();
        document.put("apiVersion", "pgmosaic.io/v1alpha1").put("kind", kind);
        document.putObject("metadata").put("name", name);
        document.set("spec", spec);
        return document;
    }

    /** RFC 7396. */
    private static JsonNode merge(JsonNode target, JsonNode patch) {
        if (!patch.isObject()) {
            return patch;
        }
        ObjectNode merged = target.isObject() ? target.deepCopy() : JSON.createObjectNode();
        patch.properties().forEach(field -> {
            if (field.getValue().isNull()) {
                merged.remove(field.getKey());
            } else {
                merged.set(field.getKey(), merge(merged.path(field.getKey()), field.getValue()));
            }
        });
        return merged;
    }
}
