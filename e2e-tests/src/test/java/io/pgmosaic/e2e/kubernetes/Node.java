package io.pgmosaic.e2e.kubernetes;

/** Power over the node that everything runs on. What is done is undone by {@link #mend}. */
interface Node {
    /** Stops a process of the node, such as {@code kubelet}, where it is. */
    void pause(String process);

    /** Lets it go on. */
    void resume(String process);

    /** Ends a process of the node, such as {@code kube-apiserver}, at once. */
    void stop(String process);

    /** Starts it again. */
    void start(String process);

    /** Drops every packet between two addresses, both ways. */
    void cut(String one, String other);

    /** Drops every packet from and to an address. */
    void isolate(String address);

    /**
     * Kills the first process of a container, and with it the container.
     *
     * @param containerId as the pod's status has it, such as {@code containerd://0123}
     */
    void kill(String containerId);

    /** Lets all processes go on and all packets pass. */
    void mend();
}
