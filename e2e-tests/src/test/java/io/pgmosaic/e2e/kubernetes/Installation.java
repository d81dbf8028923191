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
import java.util.function.Supplier;

/** The product, installed with helm in a cluster; and the tools of a person who uses it. */
final class Installation implements AutoCloseable {
    static final String OPERATORS = "pgmosaic-system";
    /** Where the tests' databases and applications are; it enforces the restricted pod security standard. */
    static final String SHOP = "shop";

    static final List<String> NAMESPACES = List.of(OPERATORS, SHOP);
    static final String CHART = "helm/pgmosaic";

    private static final String RELEASE = "pgmosaic";
    private static final Duration LIMIT = Duration.ofMinutes(6);
    private static final String RESTRICTED = "pod-security.kubernetes.io/enforce=restricted";

    private final KubernetesCluster cluster;
    private final KubernetesClient client;
    private final Tools tools;

    private Installation(Tools tools, KubernetesCluster cluster) {
        this.tools = tools;
        this.cluster = cluster;
        this.client = new KubernetesClientBuilder()
                .withConfig(Config.fromKubeconfig(cluster.kubeconfig().toFile()))
                .build();
    }

    /** Obtains a cluster and installs the chart; returns when the operator's replicas are ready. */
    static Installation make() {
        Installation installation = prepare();
        return orClose(installation::close, () -> {
            installation.helm("install", "--wait");
            return installation;
        });
    }

    /** Obtains a cluster and makes the namespaces in it. */
    static Installation prepare() {
        // First, since nobody would end a cluster that was started before a tool was found missing.
        Tools tools = Tools.find();
        KubernetesCluster cluster = Clusters.obtain();
        Installation installation = orClose(cluster::close, () -> new Installation(tools, cluster));
        return orClose(installation::close, () -> {
            for (String namespace : NAMESPACES) {
                installation.kubectl("create", "namespace", namespace);
                installation.kubectl("label", "namespace", namespace, RESTRICTED);
            }
            return installation;
        });
    }

    /** What was made before is closed when what follows fails. */
    private static Installation orClose(Runnable close, Supplier<Installation> next) {
        try {
            return next.get();
        } catch (AssertionError | RuntimeException e) {
            try {
                close.run();
            } catch (AssertionError | RuntimeException alsoFailed) {
                e.addSuppressed(alsoFailed);
            }
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
                tools.helm(),
                action,
                RELEASE,
                CHART,
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
        return run(Programs.command(tools.helm(), "test", RELEASE, "--namespace", OPERATORS, "--timeout", "3m"));
    }

    /** {@code helm uninstall}, if it is installed. */
    void uninstall() {
        run(Programs.command(
                tools.helm(), "uninstall", RELEASE, "--namespace", OPERATORS, "--ignore-not-found", "--wait"));
    }

    /** Runs kubectl and returns what it prints. */
    String kubectl(String... arguments) {
        return run(Programs.command(tools.kubectl(), arguments));
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
                List.of("describe", "shardsplits", "-A"),
                List.of("describe", "schemamigrations", "-A"),
                List.of("get", "events", "-A", "--sort-by=.lastTimestamp"),
                List.of("describe", "pods", "-n", SHOP),
                List.of("logs", "-n", OPERATORS, "-l", "app.kubernetes.io/name=pgmosaic-operator", "--tail=400"),
                List.of("logs", "-n", SHOP, "-l", "pgmosaic.io/cluster", "--tail=200", "--prefix"),
                List.of("logs", "-n", SHOP, "-l", "app=checker", "--all-containers", "--tail=200", "--prefix"))) {
            text.append("==== kubectl ").append(String.join(" ", look)).append('\n');
            text.append(Programs.end(
                            Duration.ofMinutes(1),
                            Map.of("KUBECONFIG", cluster.kubeconfig().toString()),
                            Programs.command(tools.kubectl(), look.toArray(String[]::new)))
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

    /** In a cluster that outlives the tests nothing of it is left; any other is ended with all that is in it. */
    @Override
    public void close() {
        try (cluster;
                client) {
            if (cluster.outlivesTests()) {
                Traces.remove(this);
            }
        }
    }
}
