package io.pgmosaic.operator.cluster;

import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import io.pgmosaic.operator.observe.PodProblem;
import io.pgmosaic.operator.plan.InstanceFacts.PodFacts;
import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.List;

/** What Kubernetes says of an instance's pod. Pure. */
final class PodFactsOf {
    private static final String REVISION = "controller-revision-hash";

    private PodFactsOf() {}

    /**
     * @param pod null when there is none
     * @param setback what Events say keeps the pod from being made or started; null when they say nothing
     * @param updateRevision of the StatefulSet's present template; null while that is not known
     */
    static PodFacts pod(@Nullable Pod pod, @Nullable String setback, @Nullable String updateRevision, Instant now) {
        if (pod == null) {
            return new PodFacts(null, setback, true, null, false);
        }
        String address = pod.getStatus() == null ? null : pod.getStatus().getPodIP();
        String revision = pod.getMetadata().getLabels().get(REVISION);
        return new PodFacts(
                address == null || address.isEmpty() ? null : address,
                problem(PodProblem.of(pod, now), setback),
                !runs(pod),
                pod.getMetadata().getDeletionTimestamp() == null ? null : "its pod is being deleted",
                updateRevision != null && revision != null && !updateRevision.equals(revision));
    }

    /** What the pod itself says, unless it speaks of volumes, of which Events have the cause. */
    private static @Nullable String problem(@Nullable String ofPod, @Nullable String setback) {
        return ofPod == null || (setback != null && ofPod.contains("PersistentVolumeClaim")) ? setback : ofPod;
    }

    /** Whether the kubelet says that the container runs. */
    private static boolean runs(Pod pod) {
        List<ContainerStatus> containers =
                pod.getStatus() == null ? List.of() : pod.getStatus().getContainerStatuses();
        return containers.stream()
                .anyMatch(container ->
                        container.getState() != null && container.getState().getRunning() != null);
    }
}
