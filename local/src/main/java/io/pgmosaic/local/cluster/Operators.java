package io.pgmosaic.local.cluster;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.readiness.Readiness;
import io.pgmosaic.local.kubernetes.ClusterApi;
import io.pgmosaic.local.platform.LoopbackNetwork;
import io.pgmosaic.local.platform.ProcessFamily;
import io.pgmosaic.local.pods.PodRuntime;

import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.stream.IntStream;

/** The replicas of the operator, each a pod of its own. One of them leads. */
public final class Operators {
    private static final String LEASE = "pgmosaic-operator";

    private final KubernetesClient client;
    private final PodRuntime pods;
    private final List<String> names;

    private Operators(KubernetesClient client, PodRuntime pods, List<String> names) {
        this.client = client;
        this.pods = pods;
        this.names = names;
    }

    /** Creates their pods. */
    static Operators start(ClusterApi api, PodRuntime pods, LoopbackNetwork network, int replicas) {
        List<String> names = IntStream.range(0, replicas)
                .mapToObj(number -> number == 0 ? ProductPods.OPERATOR : ProductPods.OPERATOR + "-" + (number + 1))
                .toList();
        List<String> addresses =
                IntStream.range(0, replicas).mapToObj(network::operatorAddress).toList();
        for (int number = 0; number < replicas; number++) {
            api.client()
                    .resource(
                            ProductPods.operator(names.get(number), api.kubeconfig(), addresses.get(number), addresses))
                    .create();
        }
        return new Operators(api.client(), pods, names);
    }

    /** The names of their pods. */
    public List<String> names() {
        return names;
    }

    /**
     * The process of a replica.
     *
     * @throws NoSuchElementException when it does not run
     */
    public ProcessFamily process(String name) {
        return pods.process(ProductPods.OPERATOR_NAMESPACE, name, ProductPods.OPERATOR_CONTAINER);
    }

    /** Who holds the Lease; it may have ended since. Empty before the first. */
    public Optional<String> leader() {
        return lease().map(lease -> lease.getSpec().getHolderIdentity()).filter(names::contains);
    }

    /** The Lease that the leader holds; empty before the first. */
    public Optional<Lease> lease() {
        return Optional.ofNullable(client.leases()
                .inNamespace(ProductPods.OPERATOR_NAMESPACE)
                .withName(LEASE)
                .get());
    }

    /** Whether the readiness probe of every replica succeeds, in the process that runs now. */
    public boolean areReady() {
        return names.stream().allMatch(this::isReady);
    }

    /** Whether a replica's own readiness probe succeeds, in the process that runs now. */
    public boolean isReady(String name) {
        Pod operator = client.pods()
                .inNamespace(ProductPods.OPERATOR_NAMESPACE)
                .withName(name)
                .get();
        return operator != null && Readiness.isPodReady(operator) && pods.isOfRunningProcesses(operator);
    }
}
