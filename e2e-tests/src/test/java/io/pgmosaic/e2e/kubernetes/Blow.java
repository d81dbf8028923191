package io.pgmosaic.e2e.kubernetes;

import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;

/** What happens to a shard's primary. */
enum Blow {
    /** Its pod is deleted, with the usual grace period: it hands over. */
    POD_DELETE("pod-delete") {
        @Override
        void strike(Installation installation, Node node, Pod primary) {
            installation.client().resource(primary).delete();
        }
    },
    /** The first process of its container is killed, and the container with it. */
    CONTAINER_KILL("container-kill") {
        @Override
        void strike(Installation installation, Node node, Pod primary) {
            node.kill(container(primary));
        }
    },
    /** The kubelet stops and nothing comes from the pod any more, as when the machine is gone. */
    NODE_LOST("node-lost") {
        @Override
        void strike(Installation installation, Node node, Pod primary) {
            node.pause("kubelet");
            node.isolate(primary.getStatus().getPodIP());
        }
    },
    /** No packet comes from or to the pod. */
    PARTITION("partition") {
        @Override
        void strike(Installation installation, Node node, Pod primary) {
            node.isolate(primary.getStatus().getPodIP());
        }
    };

    private final String figure;

    Blow(String figure) {
        this.figure = figure;
    }

    /** As figures are named. */
    String figure() {
        return figure;
    }

    /** {@link Node#mend} undoes it. */
    abstract void strike(Installation installation, Node node, Pod primary);

    static String container(Pod pod) {
        return pod.getStatus().getContainerStatuses().stream()
                .findFirst()
                .map(ContainerStatus::getContainerID)
                .orElseThrow(() -> new AssertionError(
                        "no container runs in " + pod.getMetadata().getName()));
    }
}
