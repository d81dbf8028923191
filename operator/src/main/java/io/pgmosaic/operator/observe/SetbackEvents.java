package io.pgmosaic.operator.observe;

import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodStatus;
import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Reads from Events why a pod is not made or does not start. Events are the only place where Kubernetes says so of a pod that
 * a quota or a policy refuses, of a claim for which no volume can be made, and of volumes that cannot be mounted. Pure.
 *
 * <p>An Event stays for an hour, whatever became of its cause. So each reading has something that takes it back: a later
 * Event that says the contrary, or the pod's own state, in which it is not asked for.
 */
public final class SetbackEvents {
    /** What an instance waits for, and so which object's Events tell why it waits in vain. */
    public enum Stage {
        /** There is no pod: the StatefulSet's Events tell. */
        TO_BE_MADE("StatefulSet"),
        /** No node takes it yet: the Events of its claim may tell more than the pod. */
        TO_BE_SCHEDULED("PersistentVolumeClaim"),
        /** It is on a node, and no container of it was started: its own Events tell. */
        TO_BE_STARTED("Pod");

        private final String kind;

        Stage(String kind) {
            this.kind = kind;
        }

        /** The kind of the object that the Events are about. */
        public String kind() {
            return kind;
        }
    }

    private static final String FAILED_ERROR = " failed error: ";

    /** So begins the Event that a pod was made, and not the one that a claim was. */
    private static final String POD_MADE = "create Pod ";

    private SetbackEvents() {}

    /**
     * What the instance waits for; empty when its pod was started, or has not waited long enough to be worth asking.
     *
     * @param pod null when there is none
     */
    public static Optional<Stage> stage(@Nullable Pod pod, Instant now) {
        if (pod == null) {
            return Optional.of(Stage.TO_BE_MADE);
        }
        PodStatus status = pod.getStatus();
        boolean waits = status == null || status.getPhase() == null || "Pending".equals(status.getPhase());
        if (!waits || !PodProblem.isLasting(pod.getMetadata().getCreationTimestamp(), now)) {
            return Optional.empty();
        }
        return Optional.of(pod.getSpec().getNodeName() == null ? Stage.TO_BE_SCHEDULED : Stage.TO_BE_STARTED);
    }

    /**
     * In words, with the cause that Kubernetes gives and what to do; null when the Events tell of nothing. Of the pods that a
     * StatefulSet lacks its controller tries the first alone as long as that is refused, so what it says of one holds for all.
     *
     * @param podUid null when there is no pod
     * @param about Events about the object that the stage names
     * @param since older Events are about something else of the same name
     */
    public static @Nullable String problem(Stage stage, @Nullable String podUid, List<Event> about, Instant since) {
        Predicate<Event> counts =
                switch (stage) {
                    case TO_BE_MADE ->
                        event -> "FailedCreate".equals(event.getReason())
                                || text(event).startsWith(POD_MADE);
                    case TO_BE_SCHEDULED -> SetbackEvents::isWarning;
                    case TO_BE_STARTED ->
                        event -> podUid != null
                                && podUid.equals(event.getInvolvedObject().getUid())
                                && !"FailedScheduling".equals(event.getReason());
                };
        return about.stream()
                .filter(counts)
                .filter(event -> !at(event).isBefore(since))
                .max(Comparator.comparing(SetbackEvents::at).thenComparing(SetbackEvents::isWarning))
                .filter(SetbackEvents::isWarning)
                .map(event -> words(stage, event))
                .orElse(null);
    }

    private static String words(Stage stage, Event last) {
        String text = text(last);
        return switch (stage) {
            case TO_BE_MADE ->
                "its pod is refused: "
                        + text.substring(
                                text.contains(FAILED_ERROR) ? text.indexOf(FAILED_ERROR) + FAILED_ERROR.length() : 0)
                        + "; raise the quota or change the policy that refuses it, or lower spec.resources";
            case TO_BE_SCHEDULED ->
                "its volume cannot be made: " + text
                        + "; create the StorageClass that spec.storage.storageClassName names, or correct what provisions it";
            case TO_BE_STARTED -> "its pod cannot be started: " + last.getReason() + " (" + text + ")";
        };
    }

    private static String text(Event event) {
        return event.getMessage() == null ? "" : event.getMessage();
    }

    private static boolean isWarning(Event event) {
        return "Warning".equals(event.getType());
    }

    /** When it last happened; repeated Events are counted, not written anew. */
    private static Instant at(Event event) {
        if (event.getLastTimestamp() != null) {
            return Instant.parse(event.getLastTimestamp());
        }
        if (event.getSeries() != null && event.getSeries().getLastObservedTime() != null) {
            return Instant.parse(event.getSeries().getLastObservedTime().getTime());
        }
        if (event.getEventTime() != null) {
            return Instant.parse(event.getEventTime().getTime());
        }
        return event.getMetadata().getCreationTimestamp() == null
                ? Instant.EPOCH
                : Instant.parse(event.getMetadata().getCreationTimestamp());
    }
}
