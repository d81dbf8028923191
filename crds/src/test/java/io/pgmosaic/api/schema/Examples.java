package io.pgmosaic.api.schema;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.client.utils.Serialization;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/** Every document in {@code examples/}. */
final class Examples {
    private Examples() {}

    static Stream<JsonNode> documents() throws IOException {
        Path directory = Path.of("").toAbsolutePath();
        while (!Files.isDirectory(directory.resolve("examples"))) {
            directory = Objects.requireNonNull(directory.getParent(), "run this inside the repository");
        }
        List<JsonNode> documents = new ArrayList<>();
        try (Stream<Path> files = Files.list(directory.resolve("examples"))) {
            for (Path file : files.filter(path -> path.toString().endsWith(".yaml"))
                    .sorted()
                    .toList()) {
                for (String text : Files.readString(file).split("(?m)^---$", -1)) {
                    documents.add(Serialization.unmarshal(text, JsonNode.class));
                }
            }
        }
        return documents.stream();
    }

    static Stream<JsonNode> documents(String apiVersion) throws IOException {
        return documents()
                .filter(document -> document.path("apiVersion").asText().equals(apiVersion));
    }
}
