package io.pgmosaic.operator.injection;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Volume;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Collects additions to one pod. Each is valid after those before it. */
final class PodPatch {
    private final JsonNode pod;
    private final List<PatchOperation> operations = new ArrayList<>();
    private final Set<String> made = new HashSet<>();

    PodPatch(JsonNode pod) {
        this.pod = pod;
    }

    void annotate(String name, String value) {
        if (pod.at("/metadata/annotations").isEmpty() && made.add("/metadata/annotations")) {
            add("/metadata/annotations", Map.of(name, value));
        } else {
            add("/metadata/annotations/" + PatchOperation.escape(name), value);
        }
    }

    void volume(Volume volume) {
        append("/spec/volumes", volume);
    }

    /** After the others, of which the first is what {@code kubectl logs} shows. */
    void lastContainer(Container container) {
        append("/spec/containers", container);
    }

    /** Before all that are to find it running. */
    void firstInitContainer(Container container) {
        prepend("/spec/initContainers", container);
    }

    /** Sets the variable in every container that has none of its name, where later variables can refer to it. */
    void variable(String list, String name, String value, String exceptContainer) {
        JsonNode containers = pod.at(list);
        for (int i = 0; i < containers.size(); i++) {
            JsonNode container = containers.get(i);
            if (!container.path("name").asText().equals(exceptContainer) && !hasNamed(container.path("env"), name)) {
                prepend(list + "/" + i + "/env", Map.of("name", name, "value", value));
            }
        }
    }

    static boolean hasNamed(JsonNode list, String name) {
        for (JsonNode entry : list) {
            if (entry.path("name").asText().equals(name)) {
                return true;
            }
        }
        return false;
    }

    private void append(String list, Object value) {
        addTo(list, "-", value);
    }

    private void prepend(String list, Object value) {
        addTo(list, "0", value);
    }

    private void addTo(String list, String position, Object value) {
        if (pod.at(list).isEmpty() && made.add(list)) {
            add(list, List.of(value));
        } else {
            add(list + "/" + position, value);
        }
    }

    private void add(String path, Object value) {
        operations.add(new PatchOperation(path, value));
    }

    List<PatchOperation> operations() {
        return List.copyOf(operations);
    }
}
