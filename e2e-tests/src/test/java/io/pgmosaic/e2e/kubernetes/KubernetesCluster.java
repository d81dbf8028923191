package io.pgmosaic.e2e.kubernetes;

import java.nio.file.Path;
import java.util.Optional;

/** A Kubernetes cluster to test on. Closing it ends what was started for the tests, and nothing else. */
interface KubernetesCluster extends AutoCloseable {
    /** What it is and why it was taken, for a person. */
    String description();

    Path kubeconfig();

    /** Names of the images in it. */
    default Images images() {
        return Images.built();
    }

    /** Whether it is there after the tests, too, so that they have to put away what they made in it. */
    boolean outlivesTests();

    /** Empty where the tests may not touch the node. */
    Optional<Node> node();

    @Override
    void close();
}
