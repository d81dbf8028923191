package io.pgmosaic.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.LocalPortForward;
import io.fabric8.kubernetes.client.readiness.Readiness;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.io.IOException;
import java.net.URI;
import java.util.List;

/** Which router is asked: that at a URL, or that in a pod, through the API server as {@code kubectl port-forward} does it. */
final class RouterOptions {
    private static final String INJECTED = "pgmosaic.io/injected";
    private static final int PORT = 7432;

    @Parameters(index = "0", arity = "0..1", paramLabel = "NAME", description = "The ShardedCluster.")
    private @Nullable String name;

    @Option(
            names = {"-n", "--namespace"},
            description = "The namespace of the pod, and of the cluster; that of the context by default.")
    private @Nullable String namespace;

    @Option(names = "--context", description = "The context of the kubeconfig; its current one by default.")
    private @Nullable String context;

    @Option(
            names = "--pod",
            paramLabel = "POD",
            description = "The pod whose router is asked; any that was given a router of the cluster by default.")
    private @Nullable String pod;

    @Option(names = "--router", paramLabel = "URL", description = "A router that can be reached, instead of a pod.")
    private @Nullable URI router;

    /** What a router is asked. */
    interface Question {
        JsonNode ask(RouterCall router) throws Refusal;
    }

    JsonNode ask(Question question) throws Refusal {
        if (router != null) {
            return question.ask(new RouterCall(router));
        }
        Config config = new ConfigBuilder(Config.autoConfigure(context))
                .withRequestRetryBackoffLimit(0)
                .build();
        String where =
                namespace != null ? namespace : config.getNamespace() != null ? config.getNamespace() : "default";
        try (KubernetesClient client =
                new KubernetesClientBuilder().withConfig(config).build()) {
            String found = pod != null ? pod : podWithRouter(client, where);
            try (LocalPortForward forward =
                    client.pods().inNamespace(where).withName(found).portForward(PORT)) {
                return question.ask(new RouterCall(URI.create("http://127.0.0.1:" + forward.getLocalPort())));
            }
        } catch (KubernetesClientException | IOException e) {
            throw new Refusal(
                    "cannot reach a router in namespace " + where + " at " + config.getMasterUrl() + ": "
                            + e.getMessage() + "; see whether kubectl port-forward works, or give --router",
                    e);
        }
    }

    private String podWithRouter(KubernetesClient client, String where) throws Refusal {
        if (name == null) {
            throw new Refusal("name the ShardedCluster, or a router by --pod or --router");
        }
        String cluster = where + "/" + name;
        List<Pod> pods = client.pods().inNamespace(where).list().getItems();
        return pods.stream()
                .filter(each -> each.getMetadata().getAnnotations() != null
                        && cluster.equals(each.getMetadata().getAnnotations().get(INJECTED))
                        && Readiness.isPodReady(each))
                .map(each -> each.getMetadata().getName())
                .findFirst()
                .orElseThrow(() -> new Refusal("no pod in namespace " + where + " is ready and was given a router of "
                        + cluster + ": name one with a router of its own by --pod, or give --router"));
    }
}
