package io.pgmosaic.operator.observe;

import io.fabric8.kubernetes.api.model.ContainerState;
import io.fabric8.kubernetes.api.model.ContainerStateTerminated;
import io.fabric8.kubernetes.api.model.ContainerStateWaiting;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodCondition;
import io.fabric8.kubernetes.api.model.PodStatus;
import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.Instant;
import java.util.Set;

/** Reads from a pod why it cannot run. */
public final class PodProblem {
    /** Waiting reasons that pass by themselves and are no problem. */
    private static final Set<String> NORMAL = Set.of("ContainerCreating", "PodInitializing");

    private static final Set<String> IMAGE =
            Set.of("ErrImagePull", "ImagePullBackOff", "InvalidImageName", "ErrImageNeverPull", "ImageInspectError");

    /** A volume that is being made, or a node that is being added, keeps a pod waiting that long and is no problem. */
    static final Duration PATIENCE = Duration.ofSeconds(10);

    /** A container that ended fewer times than this is being restarted, and that is all there is to say. */
    private static final int MANY = 3;

    private PodProblem() {}

    /**
     * In words, with the cause that Kubernetes gives and what to do; null when nothing is wrong.
     *
     * @param now by the clock that dates Kubernetes' objects
     */
    public static @Nullable String of(Pod pod, Instant now) {
        PodStatus status = pod.getStatus();
        if (status == null) {
            return null;
        }
        for (PodCondition condition : status.getConditions()) {
            if ("PodScheduled".equals(condition.getType())
                    && "Unschedulable".equals(condition.getReason())
                    && isLasting(
                            condition.getLastTransitionTime(), isAboutVolumes(condition) ? now.minus(PATIENCE) : now)) {
                return "no node takes its pod: " + condition.getMessage()
                        + (isAboutVolumes(condition)
                                ? ""
                                : "; correct spec.scheduling or spec.resources, or add a node");
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

    /** Whether it began so long ago that waiting is no longer all there is to it; also when nobody says when it began. */
    static boolean isLasting(@Nullable String since, Instant now) {
        return since == null || now.isAfter(Instant.parse(since).plus(PATIENCE));
    }

    /** Then the Events of the claim may say more, and are waited for as long again. */
    private static boolean isAboutVolumes(PodCondition unscheduled) {
        return unscheduled.getMessage() != null && unscheduled.getMessage().contains("PersistentVolumeClaim");
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
        if (IMAGE.contains(waiting.getReason())) {
            text.append("; correct spec.postgres.image or what pulls it, then delete the pod");
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
