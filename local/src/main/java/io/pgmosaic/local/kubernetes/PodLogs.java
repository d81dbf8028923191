package io.pgmosaic.local.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Answers {@code kubectl logs} from the files that the pod runtime writes: the whole log of a container, or its end.
 * Following is not offered; the file itself can be followed.
 *
 * @param folder holds {@code <namespace>_<pod>/<container>.log}
 */
record PodLogs(Path folder) {
    String read(JsonNode pod, String container, String tailLines) {
        String chosen = container.isEmpty()
                ? pod.path("spec").path("containers").path(0).path("name").asText()
                : container;
        JsonNode metadata = pod.path("metadata");
        Path file = folder.resolve(metadata.path("namespace").asText() + "_"
                        + metadata.path("name").asText())
                .resolve(chosen + ".log")
                .normalize();
        if (!file.startsWith(folder) || !Files.isRegularFile(file)) {
            throw ApiProblem.badRequest("container " + chosen + " has written no log");
        }
        try {
            String log = new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
            if (tailLines.isEmpty()) {
                return log;
            }
            List<String> lines = log.lines().toList();
            int from = Math.max(0, lines.size() - Integer.parseInt(tailLines));
            return String.join("\n", lines.subList(from, lines.size())) + "\n";
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file, e);
        } catch (NumberFormatException e) {
            throw ApiProblem.badRequest("tailLines: not a number: " + tailLines);
        }
    }
}
