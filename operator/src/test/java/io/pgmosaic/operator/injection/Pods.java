package io.pgmosaic.operator.injection;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceRequirementsBuilder;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import io.fabric8.zjsonpatch.JsonPatch;
import io.pgmosaic.operator.validation.SpecCases;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;

/** Pods that ask for a router, and what carrying out a patch makes of them. */
public final class Pods {
    private static final ObjectMapper JSON = new ObjectMapper();

    private Pods() {}

    /** The pod of an example. */
    public static ObjectNode ofExample(String file) {
        ObjectNode template = (ObjectNode) example(file).at("/spec/template");
        template.put("apiVersion", "v1").put("kind", "Pod");
        return template;
    }

    /** An example of one document. */
    public static JsonNode example(String file) {
        try {
            String text =
                    Files.readString(SpecCases.repository().resolve("examples").resolve(file));
            return new KubernetesSerialization().unmarshal(text, JsonNode.class);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static ObjectNode application() {
        return ofExample("application.yaml");
    }

    /** With the annotation, and without the label. */
    public static ObjectNode annotated(String value) {
        ObjectNode pod = application();
        ((ObjectNode) pod.at("/metadata/labels")).remove(Wish.KEY);
        pod.withObject("/metadata/annotations").put(Wish.KEY, value);
        return pod;
    }

    public static RouterTemplate template(boolean nativeSidecar) {
        return template(nativeSidecar, Map.of());
    }

    static RouterTemplate template(boolean nativeSidecar, Map<String, String> environment) {
        return new RouterTemplate(
                "registry.example.org/pgmosaic/router:0.1.0",
                List.of("https://pgmosaic-operator-topology.pgmosaic-system.svc:8443"),
                "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
                new ResourceRequirementsBuilder()
                        .addToRequests("cpu", new Quantity("50m"))
                        .addToRequests("memory", new Quantity("128Mi"))
                        .addToLimits("memory", new Quantity("256Mi"))
                        .build(),
                environment,
                65_532L,
                nativeSidecar);
    }

    /** Written and read on the way, as in an answer of the webhook. */
    static ObjectNode patched(JsonNode pod, List<PatchOperation> patch) {
        try {
            return (ObjectNode) JsonPatch.apply(JSON.readTree(JSON.writeValueAsString(patch)), pod);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
