package io.pgmosaic.local.cluster;

import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.readiness.Readiness;
import io.pgmosaic.local.kubernetes.ClusterApi;
import io.pgmosaic.local.kubernetes.ClusterApis;
import io.pgmosaic.local.platform.Account;
import io.pgmosaic.local.platform.JavaHome;
import io.pgmosaic.local.platform.LoopbackNetwork;
import io.pgmosaic.local.platform.ProcessFamily;
import io.pgmosaic.local.platform.Spawner;
import io.pgmosaic.local.platform.StateFolder;
import io.pgmosaic.local.pods.PodRuntime;
import io.pgmosaic.local.pods.Volumes;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** A Kubernetes API with the product's definitions, a pod runtime and a running operator. */
public final class LocalCluster implements AutoCloseable {
    private static final List<String> DEFINITIONS = List.of("shardedclusters", "shardsplits", "schemamigrations");

    private final Path folder;
    private final Spawner spawner;
    private final ClusterApi api;
    private final PodRuntime pods;
    private final Operators operators;

    private LocalCluster(Path folder, Spawner spawner, ClusterApi api, PodRuntime pods, Operators operators) {
        this.folder = folder;
        this.spawner = spawner;
        this.api = api;
        this.pods = pods;
        this.operators = operators;
    }

    /** Starts everything up to one operator, with volumes that are plain folders. */
    public static LocalCluster start(Distribution distribution, String name) {
        return start(distribution, name, Volumes.folders(), 1);
    }

    /**
     * Starts everything up to the operators, without waiting for them.
     *
     * @param name of its folder below {@link StateFolder}; what an earlier one left there is removed
     * @param operators how many replicas of the operator, at least one
     */
    public static LocalCluster start(Distribution distribution, String name, Volumes volumes, int operators) {
        Account account = Account.detect();
        Path javaHome = JavaHome.readableBy(account);
        StateFolder.delete(StateFolder.open(name));
        Path folder = StateFolder.open(name);
        StagedImages images = StagedImages.stage(distribution, folder.resolve("images"), javaHome);
        // Last, since it is taken only when the API listens there.
        LoopbackNetwork network = LoopbackNetwork.find();
        Spawner spawner = new Spawner();
        try {
            ClusterApi api = ClusterApis.start(network, folder, spawner);
            try {
                define(api.client());
                PodRuntime pods = PodRuntime.start(api.client(), folder, images, network, spawner, account, volumes);
                return new LocalCluster(folder, spawner, api, pods, Operators.start(api, pods, network, operators));
            } catch (RuntimeException e) {
                api.close();
                throw e;
            }
        } catch (RuntimeException e) {
            spawner.close();
            throw e;
        }
    }

    private static void define(KubernetesClient client) {
        for (String definition : DEFINITIONS) {
            String resource = "/META-INF/fabric8/" + definition + ".pgmosaic.io-v1.yml";
            try (InputStream yaml = Objects.requireNonNull(
                    LocalCluster.class.getResourceAsStream(resource), () -> resource + " is not on the classpath")) {
                client.load(yaml).create();
            } catch (IOException e) {
                throw new UncheckedIOException("cannot read " + resource, e);
            }
        }
        client.resource(new NamespaceBuilder()
                        .withNewMetadata()
                        .withName(ProductPods.OPERATOR_NAMESPACE)
                        .endMetadata()
                        .build())
                .create();
    }

    /** Starts a router for a cluster, as an application's pod would have it. It is ready when it knows the topology. */
    public Pod startRouter(String namespace, String cluster) {
        return api.client().resource(ProductPods.router(namespace, cluster)).create();
    }

    /** Where a router listens, once it can answer. */
    public Optional<URI> routerAddress(Pod router) {
        return Optional.ofNullable(client().resource(router).get())
                .filter(Readiness::isPodReady)
                .map(pod -> URI.create("http://" + pod.getStatus().getPodIP() + ":" + ProductPods.ROUTER_PORT));
    }

    /** The operator's replicas. */
    public Operators operators() {
        return operators;
    }

    /** The process of the operator that leads, or of the first one when none does. */
    public ProcessFamily operatorProcess() {
        return operators.process(operators.leader().orElse(ProductPods.OPERATOR));
    }

    /** Whether the readiness probe of every operator succeeds, in the process that runs now. */
    public boolean isOperatorReady() {
        return operators.areReady();
    }

    /** A client of the Kubernetes API. */
    public KubernetesClient client() {
        return api.client();
    }

    /** A kubeconfig file for the Kubernetes API. */
    public Path kubeconfig() {
        return api.kubeconfig();
    }

    /** Lets the Kubernetes API answer nobody, or go on where it was. */
    public void suspendApi(boolean suspended) {
        api.suspend(suspended);
    }

    /** What the Kubernetes API is. */
    public String apiDescription() {
        return api.description();
    }

    /** The processes behind the pods. */
    public PodRuntime pods() {
        return pods;
    }

    /** Everything that it writes. */
    public Path folder() {
        return folder;
    }

    /** One folder a pod, one file a container. */
    public Path logs() {
        return folder.resolve("logs");
    }

    /** Ends every process, databases first without waiting for the operator, then the API. The folder stays. */
    @Override
    public void close() {
        pods.close();
        api.close();
        spawner.close();
    }

    /** Removes what it has written, except the logs. To be called when it is closed. */
    public void deleteAllButLogs() {
        for (String part : List.of("images", "pods", "volumes", "api")) {
            if (Files.exists(folder.resolve(part))) {
                StateFolder.delete(folder.resolve(part));
            }
        }
    }

    /** Removes what it has written. To be called when it is closed. */
    public void deleteFolder() {
        if (Files.exists(folder)) {
            StateFolder.delete(folder);
        }
    }
}
