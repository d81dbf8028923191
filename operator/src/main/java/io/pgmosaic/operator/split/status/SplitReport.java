package io.pgmosaic.operator.split.status;

import io.pgmosaic.api.v1alpha1.split.SplitPhase;
import io.pgmosaic.api.v1alpha1.split.SplitProgress;
import io.pgmosaic.api.v1alpha1.split.SplitTarget;
import org.jspecify.annotations.Nullable;

import java.util.List;

/**
 * How a split is at some moment.
 *
 * @param phase that it is in
 * @param message the most important thing to know, in one sentence
 * @param needsPerson why it will not go on by itself; empty when it will
 * @param progress of what takes long; null to leave it as it was
 * @param targets with the points that were chosen; empty to leave them as they were
 * @param lagBytes of the sender's log that the receiver has not applied; null to leave it as it was
 * @param findings what was found before anything began; null to leave them as they were
 */
public record SplitReport(
        SplitPhase phase,
        String message,
        String needsPerson,
        @Nullable SplitProgress progress,
        @Nullable Long lagBytes,
        List<SplitTarget> targets,
        @Nullable List<String> findings) {
    public SplitReport {
        targets = List.copyOf(targets);
        findings = findings == null ? null : List.copyOf(findings);
    }

    public static SplitReport of(SplitPhase phase, String message) {
        return new SplitReport(phase, message, "", null, null, List.of(), null);
    }

    public static SplitReport awaiting(SplitPhase phase, String person) {
        return new SplitReport(phase, person, person, null, null, List.of(), null);
    }

    public SplitReport with(SplitProgress present) {
        return new SplitReport(phase, message, needsPerson, present, lagBytes, targets, findings);
    }
}
