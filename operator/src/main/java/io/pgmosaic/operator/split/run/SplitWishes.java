package io.pgmosaic.operator.split.run;

import io.pgmosaic.api.v1alpha1.common.DurationText;
import io.pgmosaic.api.v1alpha1.split.Approval;
import io.pgmosaic.api.v1alpha1.split.CutOverSpec;
import io.pgmosaic.api.v1alpha1.split.ShardSplit;
import io.pgmosaic.api.v1alpha1.split.TimeWindow;
import io.pgmosaic.operator.split.plan.SplitFacts.Wishes;
import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.Instant;
import java.util.Objects;

/** What the declaration of a split asks for at some moment. Pure. */
final class SplitWishes {
    private SplitWishes() {}

    static Wishes of(SplitScene scene, Instant now) {
        @Nullable ShardSplit split = scene.split();
        String whyNot = split == null ? "" : whyNot(split, now);
        return new Wishes(scene.givesUp(), whyNot.isEmpty(), whyNot, sinceSwitch(scene, now), soakTime(split));
    }

    private static Duration soakTime(@Nullable ShardSplit split) {
        // Whoever deletes the declaration after the keys have changed hands wants no more of it.
        return split == null
                ? Duration.ZERO
                : DurationText.parse(split.getSpec().soakTime());
    }

    /** A switch of which the time was not written down has just happened. */
    private static Duration sinceSwitch(SplitScene scene, Instant now) {
        @Nullable ShardSplit split = scene.split();
        String at = split == null ? null : split.getStatus().switchedAt();
        return scene.record().switched() && at != null ? Duration.between(Instant.parse(at), now) : Duration.ZERO;
    }

    private static int attempts(ShardSplit split) {
        return Objects.requireNonNullElse(split.getStatus().cutOverAttempts(), 0);
    }

    /** Empty when the cut-over may begin. */
    static String whyNot(ShardSplit split, Instant now) {
        CutOverSpec cutOver = split.getSpec().cutOver();
        if (cutOver.approval() == Approval.MANUAL && !cutOver.approved()) {
            return "the cut-over awaits approval: set spec.cutOver.approved to true";
        }
        if (attempts(split) >= cutOver.maxAttempts()) {
            return "the cut-over was given up " + attempts(split)
                    + " times: see the events for what stood against it, then raise spec.cutOver.maxAttempts, or set"
                    + " spec.rollback to true";
        }
        @Nullable TimeWindow window = cutOver.window();
        if (window != null && now.isBefore(Instant.parse(window.notBefore()))) {
            return "the cut-over awaits its window, which begins at " + window.notBefore();
        }
        if (window != null && !now.isBefore(Instant.parse(window.notAfter()))) {
            return "the window of the cut-over ended at " + window.notAfter()
                    + ": write another spec.cutOver.window, or set spec.rollback to true";
        }
        return "";
    }

    /** What a person has to do for the cut-over; empty when time alone does it. */
    static String needsPerson(SplitScene scene, Instant now) {
        @Nullable ShardSplit split = scene.split();
        if (split == null) {
            return "";
        }
        String whyNot = whyNot(split, now);
        return whyNot.startsWith("the cut-over awaits its window") ? "" : whyNot;
    }

    static String soaking(SplitScene scene, Instant now, String how) {
        Duration left = soakTime(scene.split()).minus(sinceSwitch(scene, now));
        return "the targets have their keys; " + how + "; what is left of the soak time is " + left.toMinutes()
                + " min";
    }
}
