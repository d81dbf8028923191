package io.pgmosaic.local.pods;

import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodCondition;
import io.fabric8.kubernetes.api.model.PodConditionBuilder;
import io.fabric8.kubernetes.api.model.PodStatus;
import io.fabric8.kubernetes.api.model.PodStatusBuilder;
import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Builds a pod's status from what its containers say. */
final class PodStatuses {
    private static final Set<String> OURS =
            Set.of("PodScheduled", "Initialized", "ContainersReady", "Ready", "PodReadyToStartContainers");

    private PodStatuses() {}

    /**
     * What the runner knows of a pod.
     *
     * @param address empty before it has one
     * @param problem why its containers cannot be created, or it cannot be placed; empty when nothing is wrong
     */
    record Facts(
            String phase,
            boolean scheduled,
            boolean initialized,
            String address,
            String startTime,
            String problem,
            List<ContainerStatus> initContainers,
            List<ContainerStatus> containers) {}

    /** @param current the pod as the API has it, whose foreign conditions are kept */
    static PodStatus status(Pod current, Facts facts) {
        @Nullable PodStatus before = current.getStatus();
        boolean containersReady =
                facts.initialized() && facts.containers().stream().allMatch(ContainerStatus::getReady);
        List<PodCondition> conditions = new ArrayList<>();
        if (before != null) {
            before.getConditions().stream()
                    .filter(condition -> !OURS.contains(condition.getType()))
                    .forEach(conditions::add);
        }
        boolean gatesOpen = current.getSpec().getReadinessGates().stream().allMatch(gate -> conditions.stream()
                .anyMatch(condition -> condition.getType().equals(gate.getConditionType())
                        && condition.getStatus().equals("True")));
        conditions.add(condition(
                before, "PodScheduled", facts.scheduled(), facts.scheduled() ? "" : "Unschedulable", facts.problem()));
        conditions.add(condition(before, "Initialized", facts.initialized(), "ContainersNotInitialized", ""));
        conditions.add(condition(before, "ContainersReady", containersReady, "ContainersNotReady", facts.problem()));
        conditions.add(condition(
                before,
                "Ready",
                containersReady && gatesOpen,
                containersReady ? "ReadinessGatesNotReady" : "ContainersNotReady",
                facts.problem()));
        PodStatusBuilder status = new PodStatusBuilder()
                .withPhase(facts.phase())
                .withStartTime(facts.startTime())
                .withObservedGeneration(current.getMetadata().getGeneration())
                .withQosClass("BestEffort")
                .withConditions(conditions)
                .withInitContainerStatuses(facts.initContainers())
                .withContainerStatuses(facts.containers());
        if (!facts.address().isEmpty()) {
            status.withPodIP(facts.address())
                    .addNewPodIP(facts.address())
                    .withHostIP("127.0.0.1")
                    .addNewHostIP("127.0.0.1");
        }
        return status.build();
    }

    private static PodCondition condition(
            @Nullable PodStatus before, String type, boolean holds, String reason, String message) {
        String status = holds ? "True" : "False";
        Optional<PodCondition> same = before == null
                ? Optional.empty()
                : before.getConditions().stream()
                        .filter(condition -> condition.getType().equals(type)
                                && condition.getStatus().equals(status))
                        .findFirst();
        PodConditionBuilder condition = new PodConditionBuilder()
                .withType(type)
                .withStatus(status)
                .withLastTransitionTime(same.map(PodCondition::getLastTransitionTime)
                        .orElseGet(() ->
                                Instant.now().truncatedTo(ChronoUnit.SECONDS).toString()));
        if (!holds && !reason.isEmpty()) {
            condition.withReason(reason);
        }
        if (!holds && !message.isEmpty()) {
            condition.withMessage(message);
        }
        return condition.build();
    }
}
