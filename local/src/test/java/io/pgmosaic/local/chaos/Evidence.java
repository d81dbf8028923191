package io.pgmosaic.local.chaos;

import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;

/** What somebody wants to see when a run went wrong, beside the logs. */
final class Evidence {
    private Evidence() {}

    /** Writes the history, the status, the events and the pods below the run's folder, and returns where. */
    static Path save(ChaosRun run, String finding) {
        return save(run.patient(), finding, file -> run.history().save(file));
    }

    /** What is written down beside the rest. */
    @FunctionalInterface
    interface Notes {
        void save(Path file) throws IOException;
    }

    /** The same with other notes of what happened. */
    static Path save(Patient patient, String finding, Notes notes) {
        Path folder = patient.local().folder().resolve("logs").resolve("evidence");
        try {
            Files.createDirectories(folder);
            Files.writeString(folder.resolve("finding.txt"), finding + "\n");
            notes.save(folder.resolve("history.txt"));
            KubernetesClient client = patient.local().client();
            Files.writeString(folder.resolve("status.json"), patient.status().toPrettyString());
            List<String> events = client.v1().events().inNamespace(Patient.NAMESPACE).list().getItems().stream()
                    .sorted(Comparator.comparing(event -> String.valueOf(event.getLastTimestamp())))
                    .map(Evidence::line)
                    .toList();
            Files.write(folder.resolve("events.txt"), events);
            Files.writeString(
                    folder.resolve("pods.yaml"),
                    client.getKubernetesSerialization()
                            .asYaml(client.pods().inNamespace(Patient.NAMESPACE).list()));
        } catch (KubernetesClientException e) {
            return folder.resolve("history.txt"); // the API is what went wrong; the rest is there
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write to " + folder, e);
        }
        return folder;
    }

    private static String line(Event event) {
        return event.getLastTimestamp() + " " + event.getInvolvedObject().getName() + " " + event.getReason() + " "
                + event.getMessage();
    }
}
