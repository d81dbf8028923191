package io.pgmosaic.local.kubernetes;

import io.fabric8.kubernetes.client.KubernetesClient;

import java.nio.file.Path;

/** A running Kubernetes API and the way to it. */
public interface ClusterApi extends AutoCloseable {
    /** A kubeconfig file whose current context is this API. */
    Path kubeconfig();

    /** A client that may do everything. It belongs to this object and is closed with it. */
    KubernetesClient client();

    /** What this API is, in words a person understands. */
    String description();

    /**
     * Makes it unreachable, its connections cut, or reachable again with the objects that it had. Neither is an error when it
     * is so already.
     *
     * @throws IllegalStateException when it cannot
     */
    void suspend(boolean suspended);

    /** Ends the API and forgets its objects. */
    @Override
    void close();
}
