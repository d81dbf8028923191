package io.pgmosaic.e2e.kubernetes;

import java.nio.file.Path;
import java.util.Optional;

/** A Kubernetes cluster to test on. Closing it ends what was started for the tests, and nothing else. */
interface KubernetesCluster extends AutoCloseable {
    /** What it is and why it was taken, for a person. */
    String description();

    Path kubeconfig();

    /** Names of the images in it. */
    Images images();

    /** Empty where the tests may not touch the node. */
    Optional<Node> node();

    @Override
    void close();
}
