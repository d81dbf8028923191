package io.pgmosaic.operator.validation;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import io.pgmosaic.api.v1alpha1.cluster.ShardedClusterSpec;
import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** The cases that the schema is tried with on a real API server, for the operator's own check. */
public final class SpecCases {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final KubernetesSerialization SERIALIZATION = new KubernetesSerialization();

    /**
     * @param before the spec that runs already; null when none does
     * @param operator part of what the operator says; null when the spec cannot be read at all
     */
    public record Case(
            String what,
            String name,
            @Nullable JsonNode before,
            JsonNode spec,
            @Nullable String field,
            @Nullable String operator) {
        public List<Problem> problems() {
            return ClusterSpecRules.problems(name, parse(spec), before == null ? null : parse(before));
        }

        @Override
        public String toString() {
            return what;
        }
    }

    private SpecCases() {}

    public static Stream<Case> refused() {
        return read("cases").filter(entry -> entry.operator() != null);
    }

    static Stream<Case> unreadable() {
        return read("cases").filter(entry -> entry.operator() == null);
    }

    public static Stream<Case> accepted() {
        return read("accepted");
    }

    /** A spec with every field that holds text. */
    public static ObjectNode full() {
        return (ObjectNode) accepted()
                .filter(entry -> entry.what().equals("every field"))
                .findFirst()
                .orElseThrow()
                .spec();
    }

    /** The one that every case changes. */
    static JsonNode minimal() {
        return document().get("minimal");
    }

    public static ShardedClusterSpec parse(JsonNode spec) {
        return SERIALIZATION.unmarshal(spec.toString(), ShardedClusterSpec.class);
    }

    private static Stream<Case> read(String list) {
        JsonNode cases = document();
        JsonNode minimal = cases.get("minimal");
        return StreamSupport.stream(cases.get(list).spliterator(), false).map(entry -> {
            ObjectNode patch = entry.get("spec").deepCopy();
            if (entry.path("generated").asText().equals("long-parameter")) {
                patch.putObject("postgres").putObject("parameters").put("work_mem", "1".repeat(10_240));
            }
            return new Case(
                    entry.get("what").asText(),
                    entry.path("name").asText("orders"),
                    entry.has("before") ? merge(minimal, entry.get("before")) : null,
                    merge(minimal, patch),
                    entry.has("field") ? entry.get("field").asText() : null,
                    entry.has("operator") ? entry.get("operator").asText() : null);
        });
    }

    /** The nearest directory at or above the working directory that holds the module {@code crds}. */
    public static Path repository() {
        Path directory = Path.of("").toAbsolutePath();
        while (!Files.isDirectory(directory.resolve("crds/src"))) {
            directory = Objects.requireNonNull(directory.getParent(), "run this inside the repository");
        }
        return directory;
    }

    private static JsonNode document() {
        Path file = repository().resolve("crds/src/test/resources/spec-cases.yaml");
        try {
            return SERIALIZATION.unmarshal(Files.readString(file), JsonNode.class);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
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
