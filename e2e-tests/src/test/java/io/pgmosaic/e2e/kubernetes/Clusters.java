package io.pgmosaic.e2e.kubernetes;

import org.testcontainers.DockerClientFactory;

/** Takes the first kind of cluster that can be had here. */
final class Clusters {
    private Clusters() {}

    /**
     * The current kubeconfig's when {@code E2E_USE_KUBECONFIG} is 1; K3s in a container when a Docker engine answers; else a node
     * of this machine's own, or an error that says what is missing for that.
     */
    static KubernetesCluster obtain() {
        KubernetesCluster cluster;
        if ("1".equals(System.getenv("E2E_USE_KUBECONFIG"))) {
            cluster = GivenKubeconfig.find();
        } else if (DockerClientFactory.instance().isDockerAvailable()) {
            cluster = K3sCluster.start();
        } else {
            cluster = ScriptNode.start();
        }
        System.out.println("Tests run on " + cluster.description());
        return cluster;
    }
}
