package io.pgmosaic.e2e.kubernetes;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.readiness.Readiness;
import io.pgmosaic.e2e.Checkout;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** The product, installed with helm in a cluster; and the tools of a person who uses it. */
final class Installation implements AutoCloseable {
    static final String OPERATORS = "pgmosaic-system";
    /** Where the tests' databases and applications are; it enforces the restricted pod security standard. */
    static final String SHOP = "shop";

    private static final String RELEASE = "pgmosaic";
    private static final Duration LIMIT = Duration.ofMinutes(6);
    private static final String RESTRICTED = "pod-security.kubernetes.io/enforce=restricted";

    private final KubernetesCluster cluster;
    private final KubernetesClient client;
    private final String kubectl = Programs.tool("kubectl");
    private final String helm = Programs.tool("helm");

    private Installation(KubernetesCluster cluster) {
        this.cluster = cluster;
        this.client = new KubernetesClientBuilder()
                .withConfig(Config.fromKubeconfig(cluster.kubeconfig().toFile()))
                .build();
    }

    /** Obtains a cluster and installs the chart; returns when the operator's replicas are ready. */
    static Installation make() {
        Installation installation = prepare();
        try {
            installation.helm("install", "--wait");
            return installation;
        } catch (AssertionError | RuntimeException e) {
            installation.close();
            throw e;
        }
    }

    /** Obtains a cluster and makes the namespaces in it. */
    static Installation prepare() {
        Installation installation = new Installation(Clusters.obtain());
        try {
            for (String namespace : List.of(OPERATORS, SHOP)) {
                installation.kubectl("create", "namespace", namespace);
                installation.kubectl("label", "namespace", namespace, RESTRICTED);
            }
            return installation;
        } catch (AssertionError | RuntimeException e) {
            installation.close();
            throw e;
        }
    }

    KubernetesClient client() {
        return client;
    }

    KubernetesCluster cluster() {
        return cluster;
    }

    /**
     * {@code helm install} or {@code helm upgrade} with the images of the cluster.
     *
     * @param more options
     */
    void helm(String action, String... more) {
        Images images = cluster.images();
        List<String> command = Programs.command(
                helm,
                action,
                RELEASE,
                "helm/pgmosaic",
                "--namespace",
                OPERATORS,
                "--timeout",
                LIMIT.toSeconds() + "s",
                "--set",
                "image.repository=" + images.operatorRepository(),
                "--set",
                "image.tag=" + images.version(),
                "--set",
                "instanceImage=" + images.instanceTemplate(),
                "--set",
                "routerImage=" + images.router());
        command.addAll(List.of(more));
        run(command);
    }

    /** {@code helm test}; returns what it prints. */
    String helmTest() {
        return run(Programs.command(helm, "test", RELEASE, "--namespace", OPERATORS, "--timeout", "3m"));
    }

    /** Runs kubectl and returns what it prints. */
    String kubectl(String... arguments) {
        return run(Programs.command(kubectl, arguments));
    }

    /** {@code kubectl apply -f -} in the namespace of the tests. */
    String apply(String manifest) {
        try {
            Path file = Files.createTempFile("manifest", ".yaml");
            Files.writeString(file, manifest);
            try {
                return kubectl("apply", "--namespace", SHOP, "-f", file.toString());
            } finally {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String run(List<String> command) {
        return Programs.run(LIMIT, Map.of("KUBECONFIG", cluster.kubeconfig().toString()), command);
    }

    /** The operator's pods that are ready. */
    List<Pod> operators() {
        return client
                .pods()
                .inNamespace(OPERATORS)
                .withLabel("app.kubernetes.io/name", "pgmosaic-operator")
                .list()
                .getItems()
                .stream()
                .filter(Readiness::isPodReady)
                .toList();
    }

    /** The pod that leads, by its Lease. */
    String leader() {
        return client.leases()
                .inNamespace(OPERATORS)
                .withName("pgmosaic-operator")
                .get()
                .getSpec()
                .getHolderIdentity();
    }

    /** Writes down all that helps to see what went wrong, and returns where. */
    Path evidence(String test) {
        StringBuilder text = new StringBuilder();
        for (List<String> look : List.of(
                List.of("get", "pods", "-A", "-o", "wide"),
                List.of("describe", "shardedclusters", "-A"),
                List.of("get", "events", "-A", "--sort-by=.lastTimestamp"),
                List.of("describe", "pods", "-n", SHOP),
                List.of("logs", "-n", OPERATORS, "-l", "app.kubernetes.io/name=pgmosaic-operator", "--tail=400"),
                List.of("logs", "-n", SHOP, "-l", "pgmosaic.io/cluster", "--tail=200", "--prefix"),
                List.of("logs", "-n", SHOP, "-l", "app=checker", "--all-containers", "--tail=200", "--prefix"))) {
            text.append("==== kubectl ").append(String.join(" ", look)).append('\n');
            text.append(Programs.end(
                            Duration.ofMinutes(1),
                            Map.of("KUBECONFIG", cluster.kubeconfig().toString()),
                            Programs.command(kubectl, look.toArray(String[]::new)))
                    .output());
        }
        Path file = Checkout.root().resolve("e2e-tests/target/e2e/" + test + ".txt");
        try {
            Files.createDirectories(file.getParent());
            return Files.writeString(file, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        client.close();
        cluster.close();
    }
}
