package io.pgmosaic.api.schema;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.client.utils.Serialization;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

import static org.assertj.core.api.Assertions.assertThat;

/** Every document in {@code examples/}. */
final class Examples {
    private Examples() {}

    static Stream<JsonNode> documents() throws IOException {
        List<JsonNode> documents = new ArrayList<>();
        try (Stream<Path> files = Files.walk(directory())) {
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

    private static Path directory() {
        Path directory = Path.of("").toAbsolutePath();
        while (!Files.isDirectory(directory.resolve("examples"))) {
            directory = Objects.requireNonNull(directory.getParent(), "run this inside the repository");
        }
        return directory.resolve("examples");
    }

    static Stream<JsonNode> documents(String apiVersion) throws IOException {
        return documents()
                .filter(document -> document.path("apiVersion").asText().equals(apiVersion));
    }

    /**
     * What {@code kubectl kustomize} makes of a folder of {@code examples/kustomize/}.
     *
     * @param kubectl the program
     */
    static List<JsonNode> kustomized(Path kubectl, String folder) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(
                        kubectl.toString(),
                        "kustomize",
                        directory().resolve("kustomize").resolve(folder).toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as("exit code of kubectl kustomize").isZero();
        return Arrays.stream(output.split("(?m)^---$", -1))
                .map(text -> Serialization.unmarshal(text, JsonNode.class))
                .toList();
    }

    /** Empty where there is no kubectl. */
    static Optional<Path> kubectl() {
        return Stream.concat(
                        Stream.ofNullable(System.getenv("KUBEBUILDER_ASSETS")),
                        Arrays.stream(System.getenv("PATH").split(File.pathSeparator, -1)))
                .map(folder -> Path.of(folder, "kubectl"))
                .filter(Files::isExecutable)
                .findFirst();
    }
}
