package io.pgmosaic.e2e.kubernetes;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What an installation makes in a cluster: two namespaces, a helm release, CustomResourceDefinitions. In a cluster that outlives
 * the tests none of it may be there before, since it would be taken for theirs; and afterwards none of it is.
 */
final class Traces {
    private static final String GROUP = "pgmosaic.io";
    private static final String PATIENCE = "--timeout=5m";

    private Traces() {}

    /** Fails, and says what to do, when something of it is in the cluster of this kubeconfig; changes nothing. */
    static void requireNone(Path kubeconfig) {
        List<String> found = new ArrayList<>();
        try (KubernetesClient client = new KubernetesClientBuilder()
                .withConfig(Config.fromKubeconfig(kubeconfig.toFile()))
                .build()) {
            for (String namespace : Installation.NAMESPACES) {
                if (client.namespaces().withName(namespace).get() != null) {
                    found.add("namespace/" + namespace);
                }
            }
            client.apiextensions().v1().customResourceDefinitions().list().getItems().stream()
                    .filter(definition -> definition.getSpec().getGroup().equals(GROUP))
                    .map(definition -> "crd/" + definition.getMetadata().getName())
                    .forEach(found::add);
        }
        if (!found.isEmpty()) {
            throw new AssertionError("the tests would make these in the cluster of " + kubeconfig
                    + " and delete them afterwards, and they are there already: " + String.join(", ", found)
                    + ". Nothing was changed. Take another cluster; or, when nobody needs what is in them (with a"
                    + " CustomResourceDefinition every object of its kind is deleted): kubectl delete "
                    + String.join(" ", found));
        }
    }

    /** Removes all of it: what fails is told at the end, after everything else has been tried. */
    static void remove(Installation installation) {
        List<Throwable> failures = new ArrayList<>();
        // The operator goes after its clusters, the definitions after all objects of their kinds.
        for (Runnable step : List.<Runnable>of(
                () -> delete(installation, "namespace", Installation.SHOP),
                installation::uninstall,
                () -> delete(installation, "namespace", Installation.OPERATORS),
                () -> delete(installation, "-f", Installation.CHART + "/crds"))) {
            try {
                step.run();
            } catch (AssertionError | RuntimeException e) {
                failures.add(e);
            }
        }
        if (!failures.isEmpty()) {
            AssertionError left = new AssertionError("not everything that the tests made could be removed again");
            failures.forEach(left::addSuppressed);
            throw left;
        }
    }

    private static void delete(Installation installation, String... what) {
        List<String> arguments = new ArrayList<>(List.of("delete", "--ignore-not-found", PATIENCE));
        arguments.addAll(List.of(what));
        installation.kubectl(arguments.toArray(String[]::new));
    }
}
