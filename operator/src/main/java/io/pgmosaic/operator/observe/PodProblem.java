package io.pgmosaic.operator.observe;

import io.fabric8.kubernetes.api.model.ContainerState;
import io.fabric8.kubernetes.api.model.ContainerStateTerminated;
import io.fabric8.kubernetes.api.model.ContainerStateWaiting;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodCondition;
import io.fabric8.kubernetes.api.model.PodStatus;
import org.jspecify.annotations.Nullable;

import java.util.Set;

/** Reads from a pod why it cannot run. */
public final class PodProblem {
    /** Waiting reasons that pass by themselves and are no problem. */
    private static final Set<String> NORMAL = Set.of("ContainerCreating", "PodInitializing");

    /** A container that ended fewer times than this is being restarted, and that is all there is to say. */
    private static final int MANY = 3;

    private PodProblem() {}

    /** In words, with the cause that Kubernetes gives; null when nothing is wrong. */
    public static @Nullable String of(Pod pod) {
        PodStatus status = pod.getStatus();
        if (status == null) {
            return null;
        }
        for (PodCondition condition : status.getConditions()) {
            if ("PodScheduled".equals(condition.getType()) && "Unschedulable".equals(condition.getReason())) {
                return "no node takes its pod: " + condition.getMessage();
            }
        }
        for (ContainerStatus container : status.getContainerStatuses()) {
            String problem = of(container);
            if (problem != null) {
                return problem;
            }
        }
        return null;
    }

    private static @Nullable String of(ContainerStatus container) {
        ContainerState state = container.getState();
        ContainerStateWaiting waiting = state == null ? null : state.getWaiting();
        if (waiting != null && "CrashLoopBackOff".equals(waiting.getReason()) && container.getRestartCount() < MANY) {
            return null;
        }
        if (waiting == null || waiting.getReason() == null || NORMAL.contains(waiting.getReason())) {
            return null;
        }
        StringBuilder text = new StringBuilder("its container cannot start: ").append(waiting.getReason());
        if (waiting.getMessage() != null) {
            text.append(" (").append(waiting.getMessage()).append(')');
        }
        ContainerStateTerminated last = container.getLastState() == null
                ? null
                : container.getLastState().getTerminated();
        if (last != null) {
            text.append("; it ended ")
                    .append(container.getRestartCount())
                    .append(" times before, last with exit code ")
                    .append(last.getExitCode());
        }
        return text.toString();
    }
}
