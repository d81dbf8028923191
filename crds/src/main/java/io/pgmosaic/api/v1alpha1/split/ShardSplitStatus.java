package io.pgmosaic.api.v1alpha1.split;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.kubernetes.api.model.Condition;
import io.pgmosaic.api.v1alpha1.common.ApiValue;
import org.jspecify.annotations.Nullable;

import java.util.List;

/** How a split goes. */
@ApiValue
public record ShardSplitStatus(
        @JsonPropertyDescription("The generation of the spec that this status speaks of.") @Nullable
        Long observedGeneration,

        @JsonPropertyDescription(
                "Pending, Preparing, Copying, CatchingUp, Verifying, AwaitingApproval, Switching, Soaking, Finalizing, Completed, RollingBack, RolledBack or Failed.")
        @Nullable
        SplitPhase phase,

        @JsonPropertyDescription("The most important thing to know, in one sentence.") @Nullable
        String message,

        @JsonPropertyDescription("How much of the copy is done.") @Nullable
        SplitProgress progress,

        @JsonPropertyDescription("The targets with the split points that were chosen.")
        List<SplitTarget> targets,

        @JsonPropertyDescription("How long writes to the moving keys paused at the cut-over.") @Nullable
        Long writePauseMillis,

        @JsonPropertyDescription("How often the cut-over was tried.") @Nullable
        Integer cutOverAttempts,

        @JsonPropertyDescription("When the keys changed hands; the soak time counts from here.") @Nullable
        String switchedAt,

        @JsonPropertyDescription("What was found wrong before anything began.")
        List<String> findings,

        @JsonPropertyDescription("The phases so far.") List<PhaseRecord> history,

        @JsonPropertyDescription("Conditions, as kubectl wait and GitOps tools read them.")
        List<Condition> conditions) {

    public ShardSplitStatus {
        targets = targets == null ? List.of() : List.copyOf(targets);
        findings = findings == null ? List.of() : List.copyOf(findings);
        history = history == null ? List.of() : List.copyOf(history);
        conditions = conditions == null ? List.of() : List.copyOf(conditions);
    }

    /** The status of a split that no operator has looked at. */
    public static ShardSplitStatus empty() {
        return new ShardSplitStatus(
                null, null, null, null, List.of(), null, null, null, List.of(), List.of(), List.of());
    }
}
