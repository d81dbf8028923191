package io.pgmosaic.operator.status;

import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.ConditionBuilder;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** Conditions as Kubernetes has them: the time of the last transition changes only with the status. */
public final class Conditions {

    private static final int LONGEST_MESSAGE = 2_000;

    private final List<Condition> before;
    private final long generation;
    private final Instant now;
    private final List<Condition> conditions = new ArrayList<>();

    public Conditions(List<Condition> before, long generation, Instant now) {
        this.before = before;
        this.generation = generation;
        this.now = now;
    }

    public void set(String type, boolean status, String reason, String message) {
        String text = status ? "True" : "False";
        String since = before.stream()
                .filter(condition -> type.equals(condition.getType()) && text.equals(condition.getStatus()))
                .map(Condition::getLastTransitionTime)
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(now.truncatedTo(ChronoUnit.SECONDS).toString());
        conditions.add(new ConditionBuilder()
                .withType(type)
                .withStatus(text)
                .withReason(reason)
                .withMessage(
                        message.length() > LONGEST_MESSAGE
                                ? message.substring(0, LONGEST_MESSAGE - 3) + "..."
                                : message)
                .withLastTransitionTime(since)
                .withObservedGeneration(generation)
                .build());
    }

    /** Leaves a condition as it was. */
    public void keep(String type) {
        before.stream().filter(condition -> type.equals(condition.getType())).forEach(conditions::add);
    }

    public List<Condition> list() {
        return List.copyOf(conditions);
    }
}
