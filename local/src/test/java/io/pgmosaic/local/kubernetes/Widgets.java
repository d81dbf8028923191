package io.pgmosaic.local.kubernetes;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.utils.Serialization;

/** A kind that the API learns of by its definition. */
final class Widgets {
    private final KubernetesClient client;

    private Widgets(KubernetesClient client) {
        this.client = client;
    }

    /** Writes the definition. */
    static Widgets define(KubernetesClient client) {
        client.load(Widgets.class.getResourceAsStream("/widgets.yaml")).create();
        return new Widgets(client);
    }

    GenericKubernetesResource create(String name, String rest) {
        return client.resource(widget(name, rest)).create();
    }

    GenericKubernetesResource apply(String name, String rest) {
        return client.resource(widget(name, rest)).patch(OnEmbeddedApi.applyingAs("one", true));
    }

    GenericKubernetesResource applyStatus(String name, String rest) {
        return client.resource(widget(name, rest)).subresource("status").patch(OnEmbeddedApi.applyingAs("one", true));
    }

    /** @param rest its fields but kind and name, in YAML */
    private static GenericKubernetesResource widget(String name, String rest) {
        return Serialization.unmarshal(
                "apiVersion: example.org/v1\nkind: Widget\nmetadata: {name: " + name + ", namespace: default}\n" + rest,
                GenericKubernetesResource.class);
    }
}
